# What a deployment offers to its PowerShell scripts (Windows PowerShell 2 or newer, and pwsh).
# Called with the file of the variables and the script; runs the script in its own scope.
param([string]$__OctopusVariables, [string]$__OctopusScript)

$ErrorActionPreference = 'Stop'
try {
    # Whatever code page the machine has. Without a console this may fail.
    [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding($false)
} catch { }

# The deployment's variables; case does not matter.
$OctopusParameters = New-Object 'System.Collections.Generic.Dictionary[String,String]' (,[System.StringComparer]::OrdinalIgnoreCase)
foreach ($__OctopusLine in [System.IO.File]::ReadAllLines($__OctopusVariables)) {
    $__OctopusName, $__OctopusValue = $__OctopusLine.Split(' ') | ForEach-Object {
        [System.Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($_))
    }
    $OctopusParameters[$__OctopusName] = $__OctopusValue
    # Octopus.Environment.Name is $OctopusEnvironmentName, too, where nothing else has that name.
    $__OctopusName = $__OctopusName -replace '[^A-Za-z0-9_]', ''
    if ($__OctopusName -and -not (Test-Path "variable:$__OctopusName")) {
        Set-Variable -Name $__OctopusName -Value $__OctopusValue
    }
}
Remove-Item -LiteralPath $__OctopusVariables

function __Octopus-Encode([string]$text) {
    [Convert]::ToBase64String([System.Text.Encoding]::UTF8.GetBytes($text))
}

# One string, so that the output of a background job does not come between.
function __Octopus-Write([string]$mode, [string]$text) {
    Write-Host "##octopus[stdout-$mode]`n$text`n##octopus[stdout-default]"
}

# An output variable.
function Set-OctopusVariable([string]$name, [string]$value, [switch]$sensitive) {
    $message = "##octopus[setVariable name='$(__Octopus-Encode $name)' value='$(__Octopus-Encode $value)'"
    if ($sensitive) {
        $message += " sensitive='$(__Octopus-Encode 'True')'"
    }
    Write-Host "$message]"
    $OctopusParameters[$name] = $value
}

# Keeps a file with the deployment.
function New-OctopusArtifact([string]$path, [string]$name = '') {
    if (-not (Test-Path -LiteralPath $path -PathType Leaf)) {
        throw "New-OctopusArtifact: there is no file `"$path`""
    }
    $file = Get-Item -LiteralPath $path -Force
    if (-not $name) {
        $name = $file.Name
    }
    Write-Host "##octopus[createArtifact path='$(__Octopus-Encode $file.FullName)' name='$(__Octopus-Encode $name)' length='$(__Octopus-Encode $file.Length)']"
}

# Ends the script, and with it the deployment.
function Fail-Step([string]$message) {
    if ($message) {
        Write-Host "##octopus[resultMessage message='$(__Octopus-Encode $message)']"
    }
    exit 1
}

# Tells how far the step has come, from 0 to 100.
function Update-Progress([int]$percentage, [string]$message = '') {
    Write-Host "##octopus[progress percentage='$(__Octopus-Encode $percentage)' message='$(__Octopus-Encode $message)']"
}

function Write-Verbose {
    [CmdletBinding()]
    param([Parameter(Position = 0, ValueFromPipeline = $true)][AllowEmptyString()][string]$Message)
    process { __Octopus-Write 'verbose' $Message }
}

function Write-Highlight {
    [CmdletBinding()]
    param([Parameter(Position = 0, ValueFromPipeline = $true)][AllowEmptyString()][string]$Message)
    process { __Octopus-Write 'highlight' $Message }
}

function Write-Wait {
    [CmdletBinding()]
    param([Parameter(Position = 0, ValueFromPipeline = $true)][AllowEmptyString()][string]$Message)
    process { __Octopus-Write 'wait' $Message }
}

function Write-Warning {
    [CmdletBinding()]
    param([Parameter(Position = 0, ValueFromPipeline = $true)][AllowEmptyString()][string]$Message)
    process { __Octopus-Write 'warning' $Message }
}

try {
    . $__OctopusScript
} catch {
    # PowerShell 2 would end with exit code 0.
    [Console]::Error.WriteLine($_.Exception.Message)
    [Console]::Error.WriteLine($_.InvocationInfo.PositionMessage)
    exit 1
}
# The last program that the script has called decides, as in Octopus.
if (Test-Path variable:global:LASTEXITCODE) {
    exit $global:LASTEXITCODE
}
