//! A whole `web.config` and its transform for a release.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use expect_test::expect;
use transforms::xdt::transform;

const SOURCE: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<!-- Ours. -->
<configuration>
  <configSections />
  <connectionStrings>
    <add name="Shop"   connectionString="Server=(local);Database=shop" /> <!-- local -->
    <add name="Log" connectionString="Server=(local);Database=log"
         providerName="System.Data.SqlClient" />
  </connectionStrings>

  <appSettings>
    <add key="Debug" value="true" />
    <add key="Trace" value="&quot;all&quot;" />
  </appSettings>
  <system.web>
    <compilation debug="true" targetFramework="4.8">
      <assemblies/>
    </compilation>
    <customErrors mode="Off" />
  </system.web>
  <runtime>
    <assemblyBinding xmlns="urn:schemas-microsoft-com:asm.v1">
      <dependentAssembly>
        <assemblyIdentity name="Json" />
        <bindingRedirect oldVersion="0.0.0.0-9.0.0.0" newVersion="9.0.0.0" />
      </dependentAssembly>
    </assemblyBinding>
  </runtime>
</configuration>
"#;

const RELEASE: &str = r#"<?xml version="1.0"?>
<configuration xmlns:xdt="http://schemas.microsoft.com/XML-Document-Transform">
    <connectionStrings>
        <add name="Shop" connectionString="Server=db1;Database=shop" xdt:Transform="SetAttributes" xdt:Locator="Match(name)" />
        <add name="Log" xdt:Transform="Remove" xdt:Locator="Condition(@name='Log')" />
        <add name="Audit" connectionString="Server=db2" xdt:Transform="InsertIfMissing" xdt:Locator="Match(name)"/>
    </connectionStrings>
    <appSettings>
        <add key="Debug" xdt:Transform="CommentOut" xdt:Locator="Match(key)" />
        <add key="Mode" value="live" xdt:Transform="InsertBefore(/configuration/appSettings/add[@key='Trace'])" />
    </appSettings>
    <system.web>
        <compilation xdt:Transform="RemoveAttributes(debug)" />
        <customErrors mode="RemoteOnly" defaultRedirect="Error.htm" xdt:Transform="Replace">
            <!-- for people -->
            <error statusCode="500" redirect="Internal.htm" />
        </customErrors>
    </system.web>
    <runtime>
        <assemblyBinding xmlns="urn:schemas-microsoft-com:asm.v1">
            <dependentAssembly xdt:Locator="Condition(_defaultNamespace:assemblyIdentity/@name='Json')">
                <bindingRedirect newVersion="9.0.1.0" xdt:Transform="SetAttributes(newVersion)" />
            </dependentAssembly>
            <dependentAssembly xdt:Transform="Insert">
                <assemblyIdentity name="Log" />
            </dependentAssembly>
        </assemblyBinding>
    </runtime>
    <system.webServer xdt:Transform="Insert" />
</configuration>
"#;

#[test]
fn release() {
    let outcome = transform(SOURCE, RELEASE).unwrap();
    assert_eq!(outcome.warnings, []);
    expect![[r#"
        <?xml version="1.0" encoding="utf-8"?>
        <!-- Ours. -->
        <configuration>
          <configSections />
          <connectionStrings>
            <add name="Shop"   connectionString="Server=db1;Database=shop" /> <!-- local -->
            <add name="Audit" connectionString="Server=db2"/>
          </connectionStrings>

          <appSettings>
            <!--<add key="Debug" value="true" />-->
            <add key="Mode" value="live" />
            <add key="Trace" value="&quot;all&quot;" />
          </appSettings>
          <system.web>
            <compilation targetFramework="4.8">
              <assemblies/>
            </compilation>
            <customErrors mode="RemoteOnly" defaultRedirect="Error.htm">
                <!-- for people -->
                <error statusCode="500" redirect="Internal.htm" />
            </customErrors>
          </system.web>
          <runtime>
            <assemblyBinding xmlns="urn:schemas-microsoft-com:asm.v1">
              <dependentAssembly>
                <assemblyIdentity name="Json" />
                <bindingRedirect oldVersion="0.0.0.0-9.0.0.0" newVersion="9.0.1.0" />
              </dependentAssembly>
              <dependentAssembly>
                  <assemblyIdentity name="Log" />
              </dependentAssembly>
            </assemblyBinding>
          </runtime>
          <system.webServer />
        </configuration>
    "#]]
    .assert_eq(&outcome.text);
    let windows = transform(&SOURCE.replace('\n', "\r\n"), RELEASE).unwrap();
    assert_eq!(windows.text, outcome.text.replace('\n', "\r\n"));
}
