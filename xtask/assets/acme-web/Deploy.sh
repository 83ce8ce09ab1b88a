#!/bin/sh
echo "Deploy" >> stages.txt
seconds=$(get_octopusvariable "Demo.Seconds")
if [ -n "$seconds" ]; then
    write_wait "Migrating the database for $seconds s"
    sleep "$seconds"
fi
# Whole, on the other output, letter by letter, and in two writes.
password=$(get_octopusvariable "Database.Password")
echo "The password is $password"
echo "The password is $password" >&2
rest=$password
printf "The password is " >&2
while [ -n "$rest" ]; do
    printf '%s' "${rest%"${rest#?}"}" >&2
    rest=${rest#?}
done
echo >&2
printf 'The password is %s' "${password%staple}"
sleep 0.1
echo staple
write_highlight "Acme.Web is live in $(get_octopusvariable "Octopus.Environment.Name")"
