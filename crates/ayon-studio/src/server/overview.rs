//! Everything of a server that a handful of requests give.

use ayon_model::{Place, Studio};
use reqwest::Method;
use serde::Deserialize;

use super::client::Client;
use super::errors;
use crate::folder::add_build;
use crate::{Progress, ServerFault, SourceError, wire};

/// Asks for everything. The first two requests come one after the other: the first tells whether this is an AYON server,
/// the second whether the credentials are good, and a wrong address or key costs no more than that.
pub(super) async fn read(
    client: &Client,
    projects: &[String],
    tell: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Studio, SourceError> {
    let mut studio = Studio {
        label: client.address().to_string(),
        ..Studio::default()
    };
    tell(Progress::Asking("its version"));
    studio.server_version = Some(version(client).await?);
    tell(Progress::Asking("bundles, addons and launchers"));
    bundles(client, &mut studio).await?;
    let (addons, installers, packages) = tokio::try_join!(
        client.get(&ADDONS, "details=true"),
        client.get(&INSTALLERS, ""),
        client.get(&PACKAGES, ""),
    )?;
    read_addons(client, &addons, &mut studio)?;
    read_installers(client, &installers, &mut studio)?;
    read_packages(client, &packages, &mut studio)?;
    for project in projects {
        read_project(client, project, &mut studio).await?;
    }
    studio.problems.sort();
    Ok(studio)
}

const INFO: [&str; 2] = ["api", "info"];
const BUNDLES: [&str; 2] = ["api", "bundles"];
const ADDONS: [&str; 2] = ["api", "addons"];
const INSTALLERS: [&str; 3] = ["api", "desktop", "installers"];
const PACKAGES: [&str; 3] = ["api", "desktop", "dependencyPackages"];

async fn version(client: &Client) -> Result<String, SourceError> {
    let bytes = client.get(&INFO, "").await?;
    let info: wire::Info = document(client, &INFO, &bytes).map_err(|error| match error {
        SourceError::Server {
            server,
            method,
            path,
            fault: ServerFault::Shape { .. },
        } => {
            let fault = ServerFault::NotAyon("its answer names no version".to_owned());
            SourceError::Server {
                server,
                method,
                path,
                fault,
            }
        }
        other => other,
    })?;
    Ok(info.version)
}

async fn bundles(client: &Client, studio: &mut Studio) -> Result<(), SourceError> {
    let bytes = client.get(&BUNDLES, "archived=true").await?;
    let list: wire::Bundles = document(client, &BUNDLES, &bytes)?;
    let place = Place::file("/api/bundles");
    for record in wire::each::<wire::Bundle>(&list.bundles, "bundles", &place, &mut studio.problems)
    {
        let place = place.at(record.name.as_str(), None);
        studio
            .bundles
            .push(record.model(place, &mut studio.problems));
    }
    Ok(())
}

fn read_addons(client: &Client, bytes: &[u8], studio: &mut Studio) -> Result<(), SourceError> {
    let list: wire::Addons = document(client, &ADDONS, bytes)?;
    let place = Place::file("/api/addons");
    for record in wire::each::<wire::Addon>(&list.addons, "addons", &place, &mut studio.problems) {
        let addon = record.model(&place, &mut studio.problems);
        // The server lists every addon folder; one without a usable release is no addon to anyone.
        if !addon.releases.is_empty() {
            studio.addons.insert(addon.name.clone(), addon);
        }
    }
    Ok(())
}

fn read_installers(client: &Client, bytes: &[u8], studio: &mut Studio) -> Result<(), SourceError> {
    let list: wire::Installers = document(client, &INSTALLERS, bytes)?;
    let place = Place::file("/api/desktop/installers");
    for record in
        wire::each::<wire::Launcher>(&list.installers, "installers", &place, &mut studio.problems)
    {
        let place = place.at(record.filename.as_str(), None);
        if let Some((version, build)) = record.model(place, &mut studio.problems) {
            add_build(&mut studio.launchers, version, build);
        }
    }
    Ok(())
}

fn read_packages(client: &Client, bytes: &[u8], studio: &mut Studio) -> Result<(), SourceError> {
    let list: wire::DependencyPackages = document(client, &PACKAGES, bytes)?;
    let place = Place::file("/api/desktop/dependencyPackages");
    for record in wire::each::<wire::DependencyPackage>(
        &list.packages,
        "packages",
        &place,
        &mut studio.problems,
    ) {
        let place = place.at(record.filename.as_str(), None);
        if let Some(package) = record.model(place, &mut studio.problems) {
            studio
                .dependency_packages
                .insert(package.filename.clone(), package);
        }
    }
    Ok(())
}

/// The bundles of a project. One the server does not know is left out: whoever asks for it is told so, with its name.
async fn read_project(
    client: &Client,
    project: &str,
    studio: &mut Studio,
) -> Result<(), SourceError> {
    // These two would be steps within the address.
    if matches!(project, "" | "." | "..") {
        return Ok(());
    }
    let path = ["api", "projects", project];
    let bytes = match client.get(&path, "").await {
        Err(SourceError::Server {
            fault: ServerFault::NotFound,
            ..
        }) => return Ok(()),
        answer => answer?,
    };
    let record: wire::Project = document(client, &path, &bytes)?;
    studio
        .projects
        .insert(project.to_owned(), record.data.bundle.model());
    Ok(())
}

fn document<'a, T: Deserialize<'a>>(
    client: &Client,
    path: &[&str],
    bytes: &'a [u8],
) -> Result<T, SourceError> {
    wire::from_json(bytes).map_err(|misshapen| {
        client.error(&Method::GET, path, errors::of_document(bytes, misshapen))
    })
}
