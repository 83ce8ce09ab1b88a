#!/bin/sh
echo "Preparing $(get_octopusvariable "Octopus.Action.Package.PackageId") for $(get_octopusvariable "Octopus.Environment.Name")"
echo "PreDeploy" > stages.txt
