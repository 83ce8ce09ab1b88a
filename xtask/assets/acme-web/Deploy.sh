#!/bin/sh
echo "Deploy" >> stages.txt
seconds=$(get_octopusvariable "Demo.Seconds")
if [ -n "$seconds" ]; then
    write_wait "Migrating the database for $seconds s"
    sleep "$seconds"
fi
echo "The password is $(get_octopusvariable "Database.Password")"
write_highlight "Acme.Web is live in $(get_octopusvariable "Octopus.Environment.Name")"
