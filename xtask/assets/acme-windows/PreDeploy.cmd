@echo PreDeploy %Octopus.Environment.Name%> stages.txt
