#!/bin/sh
echo "PostDeploy" >> stages.txt
set_octopusvariable "Address" "http://localhost/acme"
echo "Checked the site"
