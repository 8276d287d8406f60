//! Contexts, read and written. `solved.rxt` and `failed.rxt` are rez 3.4.0's own output.

use insta::assert_snapshot;
use proptest::prelude::*;
use rez::context::{
    Context, ContextDifference, ContextStatus, EdgeKind, Graph, NodeKind, VariantHandle,
};
use rez::package::PackageKind;
use rez::{Location, Requirement, Version};
use serde_json::{Value, json};

const SOLVED: &str = include_str!("context/solved.rxt");
const FAILED: &str = include_str!("context/failed.rxt");

/// The repository of both.
fn studio() -> Location {
    Location {
        kind: "filesystem",
        path: "/studio/packages".to_owned(),
    }
}

/// The solved context with one key changed.
fn with(key: &str, value: Value) -> String {
    let mut document: Value = serde_json::from_str(SOLVED).unwrap();
    document[key] = value;
    document.to_string()
}

/// Why the solved context with one key changed cannot be read.
fn refusal(key: &str, value: Value) -> String {
    Context::read(&with(key, value)).unwrap_err().to_string()
}

#[test]
fn what_rez_wrote_comes_back_byte_for_byte() {
    for text in [SOLVED, FAILED] {
        assert_eq!(Context::read(text).unwrap().write(), text);
    }
}

#[test]
fn a_context_says_what_was_asked_and_what_came_of_it() {
    let context = Context::read(SOLVED).unwrap();
    assert_eq!(context.status, ContextStatus::Solved);
    let texts: Vec<_> = context.requests.iter().map(ToString::to_string).collect();
    assert_eq!(texts, ["maya", "tools", "farm", "~python<3.10"]);
    let texts: Vec<_> = context.resolved.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "python-3.9.7[]",
            "platform-linux[]",
            "qt-5.15.2[]",
            "maya-2024.1[0]",
            "tools[]",
            "farm-2.0[]"
        ]
    );
    let farm = &context.resolved[5];
    assert_eq!(
        farm.kind,
        PackageKind::Combined {
            extension: "yaml".into()
        }
    );
    assert_eq!(&*farm.key, "filesystem.variant.combined");
    assert_eq!(context.requested_timestamp, Some(1_700_000_000));

    let context = Context::read(FAILED).unwrap();
    assert_eq!(context.status, ContextStatus::Failed);
    assert_eq!(
        context.failure_description.as_deref(),
        Some("The following package conflicts occurred: (python-3.9 <--!--> python==3.11.2)")
    );
}

#[test]
fn a_handle_is_made_as_rez_makes_it() {
    let read = Context::read(SOLVED).unwrap();
    for handle in &read.resolved {
        let made = VariantHandle::new(
            &studio(),
            handle.kind.clone(),
            handle.name.clone(),
            handle.version.clone(),
            handle.index,
        );
        assert_eq!(made, *handle);
    }
}

#[test]
fn keys_that_nobody_knows_are_kept() {
    let text = with(
        "x_producer",
        json!({"name": "somebody", "list": [1, 2.5, {}]}),
    );
    let context = Context::read(&text).unwrap();
    assert_eq!(context.other.keys().collect::<Vec<_>>(), ["x_producer"]);
    let again: Value = serde_json::from_str(&context.write()).unwrap();
    assert_eq!(again, serde_json::from_str::<Value>(&text).unwrap());
}

#[test]
fn no_orderers_are_written_as_rez_writes_them() {
    let context = Context::read(&with("package_orderers", json!([]))).unwrap();
    assert!(context.write().contains(r#""package_orderers": null"#));
}

#[test]
fn a_newer_minor_form_is_read_and_its_number_kept() {
    let context = Context::read(&with("serialize_version", json!("4.12"))).unwrap();
    assert!(context.write().contains(r#""serialize_version": "4.12""#));
    // An older one gains what has come since.
    let context = Context::read(&with("serialize_version", json!("4.3"))).unwrap();
    assert!(context.write().contains(r#""serialize_version": "4.9""#));
}

#[test]
fn the_defaults_of_absent_keys_are_those_of_rez() {
    let mut document: Value = serde_json::from_str(FAILED).unwrap();
    let table = document.as_object_mut().unwrap();
    for key in [
        "append_sys_path",
        "default_patch_lock",
        "from_cache",
        "num_loaded_packages",
        "package_cache_async",
        "package_caching",
        "package_filter",
        "package_orderers",
        "parent_suite_path",
        "patch_locks",
        "requested_timestamp",
        "resolved_ephemerals",
        "suite_context_name",
        "testing",
    ] {
        table.remove(key).unwrap();
    }
    let mut expected = Context::read(FAILED).unwrap();
    expected.loaded_packages = -1;
    assert_eq!(Context::read(&document.to_string()).unwrap(), expected);
}

#[test]
fn a_context_of_old_in_yaml_is_the_same_context() {
    let text = "\
serialize_version: 4.9
status: solved
failure_description: ~
timestamp: 1700000000
created: 1700000000.75
building: no
caching: true
package_requests: [maya-2024, '!qt<5']
implicit_packages: []
package_paths:
- /studio/packages
resolved_packages:
- key: filesystem.variant
  variables: {repository_type: filesystem, location: /studio/packages, name: maya, version: '2024.1', index: 0}
- key: filesystem.variant
  variables: {repository_type: filesystem, location: /studio/packages, name: tools}
graph: null
solve_time: 0
load_time: 0.25
rez_version: 2.0.0
rez_path: null
user: zoe
host: ws
platform: linux
arch: x86_64
os: CentOS-7.9
";
    let context = Context::read(text).unwrap();
    assert_eq!(context.resolved[0].to_string(), "maya-2024.1[0]");
    assert_eq!(context.resolved[1].qualified_package_name(), "tools");
    assert_eq!((context.created, context.load_time), (1_700_000_000, 0.25));
    // rez cannot save a context that has no graph, so it gets one.
    let again = Context::read(&context.write()).unwrap();
    assert_eq!(again.graph, "{'nodes': [], 'edges': []}");
    assert_eq!(again.write(), context.write());
}

#[test]
fn the_locations_of_a_bundle_are_relative_in_its_file_alone() {
    let folder = tempfile::tempdir().unwrap();
    let bundle = folder.path().canonicalize().unwrap().join("bundle");
    ayon_disk::create_dir_all(&bundle.join("packages")).unwrap();

    let mut context = Context::read(SOLVED).unwrap();
    for handle in &mut context.resolved[..5] {
        handle.location = bundle.join("packages").to_str().unwrap().into();
    }
    let mut relative = context.clone();
    relative.relate_locations(&bundle);
    assert_eq!(&*relative.resolved[0].location, "packages");
    assert_eq!(&*relative.resolved[5].location, "/studio/packages");

    let file = bundle.join("context.rxt");
    ayon_disk::write_atomic(&file, relative.write().as_bytes()).unwrap();
    assert_eq!(Context::load(&file).unwrap(), relative, "no bundle yet");
    ayon_disk::write_atomic(&bundle.join("bundle.yaml"), b"").unwrap();
    assert_eq!(Context::load(&file).unwrap(), context);
}

#[test]
fn a_file_that_is_no_context_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wrong.rxt");
    let missing = Context::load(&file).unwrap_err().to_string();
    assert!(missing.starts_with("cannot read `"), "{missing}");
    ayon_disk::write_atomic(&file, b"{").unwrap();
    let error = Context::load(&file).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("`{}` is not a rez context", file.display())
    );
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(
        cause,
        "line 1, column 1: this is not JSON: EOF while parsing an object"
    );
}

#[test]
fn a_mistake_is_told_with_its_place() {
    let handle = |variables: Value| json!([{"key": "filesystem.variant", "variables": variables}]);
    let full = |index: Value| json!({"repository_type": "filesystem", "location": "/p", "name": "maya", "version": "1..0", "index": index});
    let errors = [
        Context::read("").unwrap_err().to_string(),
        Context::read("{}").unwrap_err().to_string(),
        Context::read("{\"status\": }").unwrap_err().to_string(),
        Context::read("status: [").unwrap_err().to_string(),
        Context::read("- a").unwrap_err().to_string(),
        refusal("serialize_version", json!("5.0")),
        refusal("serialize_version", json!("3.0")),
        refusal("serialize_version", json!("new")),
        refusal("status", json!("fine")),
        refusal("timestamp", json!("today")),
        refusal("building", json!(0)),
        refusal("package_paths", json!("/a:/b")),
        refusal("package_requests", json!(["maya", 5])),
        refusal("package_requests", json!(["maya", "~.x"])),
        refusal("resolved_packages", json!([[]])),
        refusal("resolved_packages", json!([{"key": "filesystem.variant"}])),
        refusal("resolved_packages", handle(json!({"name": "maya"}))),
        refusal("resolved_packages", handle(full(json!(0)))),
        refusal("user", json!(["zoe"])),
        refusal("default_patch_lock", json!("lock_9")),
    ]
    .join("\n");
    assert_snapshot!(errors);

    let error = refusal("resolved_packages", {
        let mut variables = full(json!(-1));
        variables["version"] = json!("1.0");
        handle(variables)
    });
    assert_eq!(
        error,
        "`resolved_packages[0].variables.index` should be a position or null, not a number"
    );
}

#[test]
fn hostile_texts_are_refused() {
    let deep = format!("{{\"a\": {}", "[".repeat(100_000));
    for text in [
        &deep,
        &deep[1..],
        "{\"a\": \"\\ud800\"}",
        "\u{feff}{",
        "&a [*a]",
        "%YAML 9",
    ] {
        assert!(
            Context::read(text).is_err(),
            "{}",
            &text[..7.min(text.len())]
        );
    }
}

#[test]
fn a_graph_is_written_as_rez_writes_it() {
    for text in [SOLVED, FAILED] {
        let context = Context::read(text).unwrap();
        assert_eq!(
            Graph::parse(&context.graph).unwrap().compact(),
            context.graph
        );
    }

    let mut graph = Graph::default();
    let request = graph.node(NodeKind::Request, "it's \"maya\"");
    let variant = graph.node(NodeKind::Resolved, "maya-1[0]");
    let narrow = graph.node(NodeKind::Requirement, "qt-5.1");
    let wide = graph.node(NodeKind::Requirement, "qt-5");
    let stray = graph.node(NodeKind::Scope, "[stray==1|2]");
    graph.edge(request, variant, EdgeKind::Conflict);
    graph.edge(variant, wide, EdgeKind::Reduced("maya-1[0,1]".to_owned()));
    graph.edge(wide, narrow, EdgeKind::Merged);
    graph.edge(narrow, wide, EdgeKind::Cycle);
    graph.edge(request, stray, EdgeKind::Leads);
    // A second edge between two nodes replaces the first.
    graph.edge(request, variant, EdgeKind::Leads);
    assert_snapshot!(graph.compact());
    assert_eq!(Graph::parse(&graph.compact()).unwrap(), graph);

    graph.prune_to(&[wide]);
    assert_snapshot!("a_pruned_graph_as_dot", graph.dot());
    assert!(graph.edges(stray).is_empty());
    graph.edge(request, stray, EdgeKind::Leads);
    assert_eq!(graph.edges(request).len(), 1, "no edge to what is gone");
}

#[test]
fn what_is_no_graph_is_said() {
    let errors: Vec<_> = [
        "",
        "[]",
        "{'nodes': 1}",
        "{'nodes': [1]}",
        "{'nodes': [((), [('x', 'y')])]}",
        "digraph g {\n}",
    ]
    .into_iter()
    .map(|text| Graph::parse(text).unwrap_err().to_string())
    .collect();
    assert_snapshot!(errors.join("\n"));
    let dangling = "{'nodes': [((), ['_1'])], 'edges': [((), [('_1', '_2')])]}";
    assert!(Graph::parse(dangling).is_err());
}

/// The solved context, changed in every way that a difference tells.
fn changed() -> Context {
    let mut context = Context::read(SOLVED).unwrap();
    let handle = |name: &str, version: &str, index| {
        let version = Version::parse(version).unwrap();
        VariantHandle::new(&studio(), PackageKind::Folder, name.into(), version, index)
    };
    context.resolved = vec![
        handle("python", "3.11.2", None),
        handle("qt", "5.12", None),
        handle("maya", "2024.1", Some(1)),
        handle("tools", "", None),
        handle("arnold", "7.2", Some(0)),
    ];
    context.resolved[3].location = "/home/zoe/packages".into();
    context.requests.swap(0, 1);
    context.requests.pop();
    context
        .requests
        .push(Requirement::parse_request("arnold-7").unwrap());
    context.ephemerals.clear();
    context.os = None;
    context.building = true;
    context.requested_timestamp = None;
    context
        .package_paths
        .insert(0, "/home/zoe/packages".to_owned());
    context
}

#[test]
fn a_difference_tells_everything_that_makes_another_environment() {
    let old = Context::read(SOLVED).unwrap();
    assert!(ContextDifference::between(&old, &old).is_empty());
    assert_eq!(ContextDifference::between(&old, &old).to_string(), "");
    let difference = ContextDifference::between(&old, &changed());
    assert_snapshot!(difference);
    let words: Vec<_> = difference
        .packages
        .iter()
        .map(|change| (change.name(), change.word()))
        .collect();
    assert_eq!(words.len(), 7);

    let mut reordered = old.clone();
    reordered.resolved.swap(0, 1);
    let difference = ContextDifference::between(&old, &reordered).to_string();
    assert_eq!(difference, "packages:\n  in another order\n");

    let failed = Context::read(FAILED).unwrap();
    let difference = ContextDifference::between(&old, &failed).to_string();
    assert!(
        difference.starts_with(
            "status: solved -> failed
"
        ),
        "{difference}"
    );
}

prop_compose! {
    fn handle()(
        kind in prop_oneof![Just("filesystem"), Just("memory")],
        path in "\\PC{1,12}",
        name in "[a-z]{1,6}",
        version in "([0-9]{1,3}(\\.[a-z0-9]{1,3}){0,3})?",
        index in proptest::option::of(0_usize..9),
        extension in proptest::option::of("py|yaml"),
    ) -> VariantHandle {
        let package_kind = match extension {
            Some(extension) => PackageKind::Combined { extension: extension.into() },
            None => PackageKind::Folder,
        };
        let version = Version::parse(&version).unwrap();
        VariantHandle::new(&Location { kind, path }, package_kind, name.into(), version, index)
    }
}

/// A JSON value of any shape, as a plugin or a newer rez might leave it.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1.0e20..1.0e20_f64).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::btree_map(any::<String>(), inner, 0..4)
                .prop_map(|table| Value::Object(table.into_iter().collect())),
        ]
    })
}

prop_compose! {
    fn context()(
        (status, failure_description) in (0_usize..4, proptest::option::of(any::<String>())),
        requests in proptest::collection::vec("[!~]?[a-z]{1,6}(-[0-9]{1,2}(\\+|\\+<[1-9]00)?)?", 0..4),
        ephemerals in proptest::collection::vec("\\.[a-z]{1,6}(-[0-9]{1,2})?", 0..3),
        package_paths in proptest::collection::vec(any::<String>(), 0..3),
        (requested_timestamp, timestamp, created) in (any::<Option<i64>>(), any::<i64>(), any::<i64>()),
        flags in any::<[bool; 6]>(),
        from_cache in any::<Option<bool>>(),
        resolved in proptest::collection::vec(handle(), 0..4),
        graph in "\\PC{1,20}",
        times in (0.0..1.0e9_f64, 0.0..1.0e-4_f64),
        (loaded_packages, minor_version) in (any::<i64>(), 9_u32..99),
        texts in any::<[Option<String>; 8]>(),
        (package_filter, package_orderers) in (value(), value()),
        other in proptest::collection::btree_map("x_[a-z]{1,4}", value(), 0..3),
    ) -> Context {
        let requirements = |texts: &[String]| -> Vec<_> {
            texts.iter().map(|text| Requirement::parse(text).unwrap()).collect()
        };
        let [building, testing, caching, append_sys_path, package_caching, package_cache_async] = flags;
        let [rez_version, rez_path, user, host, platform, arch, os, suite_context_name] = texts;
        Context {
            minor_version,
            status: [
                ContextStatus::Pending,
                ContextStatus::Solved,
                ContextStatus::Failed,
                ContextStatus::Aborted,
            ][status],
            failure_description,
            implicit: requirements(&requests).into_iter().rev().collect(),
            requests: requirements(&requests),
            package_paths,
            package_filter,
            package_orderers: Some(package_orderers).filter(|none| *none != json!([])).unwrap_or_default(),
            requested_timestamp,
            timestamp,
            building,
            testing,
            caching,
            resolved,
            ephemerals: requirements(&ephemerals),
            graph,
            from_cache,
            solve_time: times.0,
            load_time: times.1,
            loaded_packages,
            append_sys_path,
            package_caching,
            package_cache_async,
            default_patch_lock: "lock_3".to_owned(),
            rez_version,
            rez_path,
            user,
            host,
            platform,
            arch,
            os,
            created,
            suite_context_name,
            other,
            ..Context::default()
        }
    }
}

proptest! {
    // Each case is a whole file.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_context_is_read_as_it_was_written(context in context()) {
        let text = context.write();
        prop_assert!(text.is_ascii());
        let read = Context::read(&text).unwrap();
        prop_assert_eq!(&read, &context);
        prop_assert_eq!(read.write(), text);
    }

    #[test]
    fn a_difference_undone_is_the_difference_the_other_way(old in context(), new in context()) {
        let there = ContextDifference::between(&old, &new);
        let back = ContextDifference::between(&new, &old);
        prop_assert_eq!(&there.requests.added, &back.requests.removed);
        prop_assert_eq!(there.packages.len(), back.packages.len());
        for (one, other) in there.packages.iter().zip(&back.packages) {
            prop_assert_eq!(one.states(), (other.states().1, other.states().0));
        }
        prop_assert_eq!(there.is_empty(), there.to_string().is_empty());
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,60}", json in value()) {
        let _ = Context::read(&text);
        let _ = Context::read(&json.to_string());
        let _ = Context::read(&with("resolved_packages", json!([{"key": "k", "variables": json}])));
        let _ = Graph::parse(&text);
    }
}
