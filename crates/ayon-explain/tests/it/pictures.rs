//! Pictures of resolutions and conflicts.

use ayon_explain::Graph;
use ayon_explain::picture::{Words, dot, mermaid};

use crate::made::{bundle, conflict, film};

#[test]
fn a_resolution_in_dot() {
    let graph = Graph::of(&film("staging").0);
    insta::assert_snapshot!(dot(&graph, Words::IfFew), @r##"
    digraph resolution {
      label="launcher on linux-64";
      rankdir=LR;
      node [shape=box, style="rounded,filled", fontname="sans-serif"];
      edge [color="#777777", fontname="sans-serif", fontsize=10];
      n0 [label="bundle staging", fillcolor="#e4d9fb", color="#777777"];
      n1 [label="launcher 1.6.3", fillcolor="#dbe9d6", color="#777777"];
      n3 [label="addon core 1.6.11", fillcolor="#d3e6fd", color="#777777"];
      n4 [label="addon ftrack 1.6.4", fillcolor="#d3e6fd", color="#777777"];
      n5 [label="addon kitsu 1.2.6", fillcolor="#d3e6fd", color="#777777"];
      n6 [label="ftrack-python-api 2.5.4", fillcolor="#f4f1ea", color="#b7791f"];
      n7 [label="opentimelineio 0.17.0", fillcolor="#f4f1ea", color="#777777", style="rounded,filled,dashed"];
      n9 [label="requests 2.32.4", fillcolor="#f4f1ea", color="#777777"];
      n10 [label="urllib3 2.2.0", fillcolor="#f4f1ea", color="#b7791f"];
      n11 [label="websocket-client 0.59.0", fillcolor="#f4f1ea", color="#b7791f"];
      n0 -> n1 [label="pins launcher 1.6.3"];
      n0 -> n3 [label="pins core 1.6.11"];
      n0 -> n4 [label="pins ftrack 1.6.4"];
      n0 -> n5 [label="pins kitsu 1.2.6"];
      n1 -> n7 [label="provides opentimelineio 0.17.0"];
      n3 -> n7 [label="needs opentimelineio >=0.15"];
      n3 -> n9 [label="needs requests >=2.28"];
      n4 -> n3 [label="needs core >=1.6.0"];
      n4 -> n6 [label="needs ftrack-python-api >=2,<3"];
      n5 -> n3 [label="needs core >=1.5.0"];
      n5 -> n9 [label="needs requests >=2.30"];
      n6 -> n9 [label="needs requests<3,>=2"];
      n6 -> n10 [label="needs urllib3<2.3"];
      n6 -> n11 [label="needs websocket-client<1,>=0.40.0"];
      n9 -> n10 [label="needs urllib3<3,>=1.21.1"];
    }
    "##);
}

#[test]
fn a_conflict_in_mermaid() {
    let graph = Graph::of_conflict(&conflict());
    insta::assert_snapshot!(mermaid(&graph, Words::IfFew), @r#"
    flowchart LR
      n1["bundle film"]:::bundle
      n2["launcher 1.1.2"]:::given
      n3["addon editorial 0.4.1, 0.4.2, 0.5.0"]:::addon
      n4["opentimelineio"]:::contested
      n1 -->|"pins launcher 1.1.2"| n2
      n1 -->|"needs editorial #62;#61;0.4,#60;1"| n3
      n2 -->|"provides opentimelineio 0.17.0"| n4
      n3 -->|"needs opentimelineio #60;0.16 (0.4.1, 0.4.2)<br>needs opentimelineio #62;#61;0.18 (0.5.0)"| n4
      classDef bundle fill:#e4d9fb,stroke:#777,color:#222
      classDef addon fill:#d3e6fd,stroke:#777,color:#222
      classDef given fill:#dbe9d6,stroke:#777,color:#222
      classDef package fill:#f4f1ea,stroke:#777,color:#222
      classDef held fill:#f4f1ea,stroke:#b7791f,color:#222
      classDef contested fill:#fde2e2,stroke:#c02626,stroke-width:2px,color:#222
    "#);
}

#[test]
fn what_a_language_would_read_is_escaped() {
    let made = bundle("a\"]; rm [x=\"\\").artefact("<b>#x;", "1\"", &[], &[]);
    let graph = Graph::of(&made.0);
    let text = dot(&graph, Words::Never) + &mermaid(&graph, Words::Never);
    insta::assert_snapshot!(text, @r##"
    digraph resolution {
      label="launcher on linux-64";
      rankdir=LR;
      node [shape=box, style="rounded,filled", fontname="sans-serif"];
      edge [color="#777777", fontname="sans-serif", fontsize=10];
      n0 [label="bundle a\"]; rm [x=\"\\", fillcolor="#e4d9fb", color="#777777"];
      n1 [label="launcher 1.6.3", fillcolor="#dbe9d6", color="#777777"];
      n3 [label="<b>#x; 1\"", fillcolor="#f4f1ea", color="#777777"];
      n0 -> n1 [tooltip="pins launcher 1.6.3"];
      n0 -> n3 [tooltip="includes"];
    }
    flowchart LR
      n0["bundle a#34;#93;#59; rm #91;x#61;#34;#92;"]:::bundle
      n1["launcher 1.6.3"]:::given
      n3["#60;b#62;#35;x#59; 1#34;"]:::package
      n0 --> n1
      n0 --> n3
      classDef bundle fill:#e4d9fb,stroke:#777,color:#222
      classDef addon fill:#d3e6fd,stroke:#777,color:#222
      classDef given fill:#dbe9d6,stroke:#777,color:#222
      classDef package fill:#f4f1ea,stroke:#777,color:#222
      classDef held fill:#f4f1ea,stroke:#b7791f,color:#222
      classDef contested fill:#fde2e2,stroke:#c02626,stroke-width:2px,color:#222
    "##);
}
