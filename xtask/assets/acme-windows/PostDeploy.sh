printf 'PostDeploy\r\n' >> stages.txt
