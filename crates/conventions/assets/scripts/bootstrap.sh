# What a deployment offers to its shell scripts. POSIX sh: it runs in bash, dash and busybox.
# The values of the variables stand above, in __octopus_value.

if command -v base64 >/dev/null 2>&1; then
  __octopus_base64() { printf '%s' "$1" | base64 | tr -d '\n'; }
else
  __octopus_base64() { printf '%s' "$1" | openssl enc -base64 -A; }
fi

# get_octopusvariable NAME: prints the value, or nothing where there is none. Case does not matter.
get_octopusvariable() {
  __octopus_value "$(printf '%s' "${1-}" | LC_ALL=C tr 'A-Z' 'a-z')"
}

# set_octopusvariable NAME VALUE [-sensitive]: an output variable.
set_octopusvariable() {
  if [ "${3-}" = "-sensitive" ]; then
    printf "##octopus[setVariable name='%s' value='%s' sensitive='%s']\n" \
      "$(__octopus_base64 "${1-}")" "$(__octopus_base64 "${2-}")" "$(__octopus_base64 True)"
  else
    printf "##octopus[setVariable name='%s' value='%s']\n" \
      "$(__octopus_base64 "${1-}")" "$(__octopus_base64 "${2-}")"
  fi
}

# new_octopusartifact FILE [NAME]: keeps the file with the deployment.
new_octopusartifact() {
  if [ ! -f "${1-}" ]; then
    printf 'new_octopusartifact: there is no file "%s"\n' "${1-}" >&2
    return 1
  fi
  case "$1" in
    /*) __octopus_path=$1 ;;
    *) __octopus_path=$PWD/$1 ;;
  esac
  printf "##octopus[createArtifact path='%s' name='%s' length='%s']\n" \
    "$(__octopus_base64 "$__octopus_path")" "$(__octopus_base64 "${2:-${1##*/}}")" \
    "$(__octopus_base64 "$(wc -c <"$1" | tr -d ' ')")"
}

# fail_step [MESSAGE]: ends the script, and with it the deployment.
fail_step() {
  if [ -n "${1-}" ]; then
    printf "##octopus[resultMessage message='%s']\n" "$(__octopus_base64 "$1")"
  fi
  exit 1
}

# update_progress PERCENTAGE [MESSAGE]
update_progress() {
  printf "##octopus[progress percentage='%s' message='%s']\n" \
    "$(__octopus_base64 "${1-}")" "$(__octopus_base64 "${2-}")"
}

# One write for all three lines, so that the output of a background job does not come between.
__octopus_write() {
  printf '##octopus[stdout-%s]\n%s\n##octopus[stdout-default]\n' "$1" "$2"
}
write_verbose() { __octopus_write verbose "$*"; }
write_highlight() { __octopus_write highlight "$*"; }
write_wait() { __octopus_write wait "$*"; }
write_warning() { __octopus_write warning "$*"; }
