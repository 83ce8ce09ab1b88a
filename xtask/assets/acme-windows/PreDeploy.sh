printf 'PreDeploy %s\r\n' "$(get_octopusvariable Octopus.Environment.Name)" > stages.txt
