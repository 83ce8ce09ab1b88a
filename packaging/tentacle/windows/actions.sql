-- What wixl cannot say of custom actions: one statement in a line, run after it by msibuild.
-- Type: 51 sets a property, 50 runs the program that one names, 18 one that was just installed;
-- 1024 with the other changes, 2048 as the system, 64 whatever it ends with, 256 to undo, 8192 unlogged.
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('SetCmd', 51, 'CMD', '[System64Folder]cmd.exe')
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('SetCmd', '', 1001)
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('SetNetsh', 51, 'NETSH', '[System64Folder]netsh.exe')
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('SetNetsh', '', 1002)
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('SetIcacls', 51, 'ICACLS', '[System64Folder]icacls.exe')
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('SetIcacls', '', 1003)
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('SetTentacle', 51, 'TENTACLE', '[HOMEDIR]versions\@FOLDER@\Tentacle.exe')
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('SetTentacle', '', 1004)
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('SetName', 51, 'NAME_OPTION', '--name "[MACHINE_NAME]"')
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('SetName', 'MACHINE_NAME', 1005)
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('SetHost', 51, 'HOST_OPTION', '--public-host-name "[PUBLIC_HOST_NAME]"')
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('SetHost', 'PUBLIC_HOST_NAME', 1006)
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('SetRulePort', 51, 'RULE_PORT', '[PORT]')
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('SetRulePort', 'PORT', 1007)
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('SetPort', 51, 'PORT_OPTION', '--port [PORT]')
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('SetPort', 'PORT', 1008)
-- Not over an older one, which may still be about to end.
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('SetCheckPort', 51, 'CHECK_OPTION', '--check-port')
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('SetCheckPort', 'NOT WIX_UPGRADE_DETECTED', 1009)
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('NoFirewall', 3186, 'NETSH', 'advfirewall firewall delete rule name="Octopus Tentacle"')
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('NoFirewall', 'REMOVE="ALL" AND NOT UPGRADINGPRODUCTCODE', 3490)
-- An uninstall keeps what Tentacle knows, unless it is told otherwise.
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('Purge', 3186, 'CMD', '/c for %d in (bundle config log packages run versions work) do rmdir /s /q "[HOMEDIR]%d" & del /q "[HOMEDIR]*" & rmdir "[HOMEDIR]Applications" & rmdir "[HOMEDIR]."')
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('Purge', 'REMOVE="ALL" AND PURGE AND NOT UPGRADINGPRODUCTCODE', 3510)
-- When an install fails: a HOME without a ledger is one in which Suction Cup never ran.
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('UndoHome', 3442, 'CMD', '/c if not exist "[HOMEDIR]ledger" rmdir /s /q "[HOMEDIR]."')
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('UndoHome', 'NOT Installed', 3990)
-- Below ProgramData everybody may make files, and the system runs what it finds here.
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('Protect', 3122, 'ICACLS', '"[HOMEDIR]." /inheritance:r /grant:r *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F /Q')
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('Protect', 'NOT REMOVE', 4010)
-- To have the program that registers.
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('Unpack', 3090, 'SuctionCupExe', 'install-bundle --home "[HOMEDIR]."')
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('Unpack', '(SERVER OR PORT) AND NOT Installed', 4020)
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('Configure', 3122, 'TENTACLE', 'configure --home "[HOMEDIR]." [PORT_OPTION] [CHECK_OPTION]')
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('Configure', '(SERVER OR PORT) AND NOT Installed', 4030)
-- The key stays out of the log of an install.
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('RegisterIt', 11314, 'TENTACLE', 'register-with --home "[HOMEDIR]." --server "[SERVER]" --api-key "[API_KEY]" --environment "[ENVIRONMENT]" --role "[ROLE]" [NAME_OPTION] [HOST_OPTION]')
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('RegisterIt', 'SERVER AND NOT Installed', 4040)
INSERT INTO `CustomAction` (`Action`, `Type`, `Source`, `Target`) VALUES ('Firewall', 3186, 'NETSH', 'advfirewall firewall add rule name="Octopus Tentacle" dir=in action=allow protocol=TCP localport=[RULE_PORT]')
INSERT INTO `InstallExecuteSequence` (`Action`, `Condition`, `Sequence`) VALUES ('Firewall', 'NOT Installed AND (PORT OR NOT WIX_UPGRADE_DETECTED)', 5910)
-- In the transaction, so that what fails brings the old one back.
UPDATE `InstallExecuteSequence` SET `Sequence` = 1510 WHERE `Action` = 'RemoveExistingProducts'
-- Windows says of a program that failed that the installer is broken.
INSERT INTO `Error` (`Error`, `Message`) VALUES (1722, 'Tentacle could not be set up, and nothing was changed. Check SERVER, API_KEY, ENVIRONMENT, ROLE and PORT, that the server can be reached from here, and that there is room on the disk; then install again. (Action [2] ended with [3].)')
