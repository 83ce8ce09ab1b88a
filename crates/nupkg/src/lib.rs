//! Package ids, NuGet versions and ranges, nuspec files, and reading and writing of package archives.
