@echo PostDeploy>> stages.txt
