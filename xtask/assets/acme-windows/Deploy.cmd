@echo off
echo Deploy>> stages.txt
echo The password is %Database.Password%
if not "%Fail%"=="" exit /b %Fail%
