printf 'Deploy\r\n' >> stages.txt
