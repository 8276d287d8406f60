//! Requirements that name a repository, an archive or a folder.
