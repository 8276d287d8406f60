//! What an installer takes from a lock.

use pypi::lock::pylock::{Choice, Pylock, SelectError};
use pypi::{MarkerEnvironment, WheelTags};

use super::sample::{OPTIONS, every_kind, targets};

#[test]
fn an_installer_takes_the_best_wheel_or_refuses() {
    let lock = every_kind();
    let environment = &lock.target.environment;
    let any = |tags: &WheelTags| tags.is_for_any_platform().then_some(7);
    let both = |tags: &WheelTags| Some(u32::from(tags.is_for_any_platform()));
    let mut pylock = Pylock::of(std::slice::from_ref(&lock), OPTIONS).unwrap();
    let file_of = |pylock: &Pylock, rank: &dyn Fn(&WheelTags) -> Option<u32>| {
        let chosen = pylock.select(environment, rank).unwrap();
        assert_eq!(chosen.len(), lock.packages.len());
        let (_, choice) = chosen
            .into_iter()
            .find(|(package, _)| package.name.as_str() == "python-dateutil")
            .unwrap();
        match choice {
            Choice::Wheel(file) | Choice::Sdist(file) => file.name.clone(),
            Choice::Source => String::new(),
        }
    };
    assert_eq!(
        file_of(&pylock, &any),
        "python_dateutil-2.9.0.post0-py3-none-any.whl"
    );
    assert!(file_of(&pylock, &both).contains("cp311"));
    let arrow = |tags: &WheelTags| tags.as_str().starts_with("py2").then_some(1);
    let studio = pylock.packages.pop().unwrap();
    assert_eq!(studio.name.as_str(), "studio-tools");
    let refusal = |pylock: &Pylock,
                   environment: &MarkerEnvironment,
                   rank: &dyn Fn(&WheelTags) -> Option<u32>| {
        pylock.select(environment, rank).unwrap_err()
    };
    let chosen = pylock.select(environment, &arrow).unwrap();
    assert!(
        chosen
            .iter()
            .any(|(_, choice)| matches!(choice, Choice::Sdist(_)))
    );
    assert!(matches!(
        refusal(&pylock, environment, &|_| None),
        SelectError::NoFile { .. }
    ));
    let windows = &targets()[1].environment;
    assert!(matches!(
        refusal(&pylock, windows, &any),
        SelectError::Environment(_)
    ));
    let newer = &targets()[3].environment;
    assert!(matches!(
        refusal(&pylock, newer, &any),
        SelectError::Python { .. }
    ));
    let mut twice = pylock.clone();
    twice.packages.push(twice.packages[0].clone());
    assert!(matches!(
        refusal(&twice, environment, &any),
        SelectError::Ambiguous(_)
    ));
    let mut foreign = pylock.clone();
    foreign.packages[0].version = "0.18".parse().ok();
    assert!(matches!(
        refusal(&foreign, environment, &any),
        SelectError::Name { .. }
    ));
    pylock.packages[0].requires_python = Some("<3".to_owned());
    assert!(matches!(
        refusal(&pylock, environment, &any),
        SelectError::PackagePython { .. }
    ));
    pylock.packages[0].requires_python = Some("~3".to_owned());
    assert!(matches!(
        refusal(&pylock, environment, &any),
        SelectError::Unreadable { .. }
    ));
}
