# What install.sh and octopus-tentacle-register share: options about the server, the file in which
# Tentacle finds them, and the wait until it is registered. Read by a POSIX shell with `set -eu`.

server='' key=${OCTOPUS_API_KEY-} name='' host='' environments='' roles='' wait=60

fail() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# Exit code 2: nothing was done.
usage_error() {
    printf '%s: %s\nSee %s --help.\n' "${0##*/}" "$*" "${0##*/}" >&2
    exit 2
}

need_value() {
    [ "$1" -ge 2 ] || usage_error "$2 needs a value"
}

# One line of printable text; the value is not told, for it may be the key.
check_text() {
    [ -n "$2" ] || usage_error "$1 is empty"
    case $2 in
    *[[:cntrl:]]*) usage_error "$1 holds a control character: give one line of text" ;;
    esac
}

# One of the options about the server; returns 1 for any other.
registration_option() {
    case $1 in
    --server)
        check_text "$1" "$2"
        case $2 in
        *[[:space:]]*) usage_error "--server holds a space" ;;
        http://?* | https://?*) server=$2 ;;
        *) usage_error "--server takes an address such as https://octopus.example.com" ;;
        esac
        ;;
    --api-key)
        check_text "$1" "$2"
        key=$2
        ;;
    --environment)
        check_text "$1" "$2"
        environments=$(json_append "$environments" "$2")
        ;;
    --role)
        check_text "$1" "$2"
        roles=$(json_append "$roles" "$2")
        ;;
    --name)
        check_text "$1" "$2"
        name=$2
        ;;
    --public-host-name)
        check_text "$1" "$2"
        case $2 in
        *[!A-Za-z0-9.:-]*) usage_error "--public-host-name takes a host name or an IP address" ;;
        esac
        host=$2
        ;;
    --wait)
        case $2 in
        '' | *[!0-9]* | ??????*) usage_error "--wait takes a number of seconds" ;;
        esac
        wait=$2
        ;;
    *) return 1 ;;
    esac
}

# Whether anything was said about a server; all of it must be then.
wants_registration() {
    [ -n "$server$environments$roles$name$host" ] || return 1
    [ -n "$server" ] || usage_error "--server is missing"
    [ -n "$key" ] || usage_error "--api-key is missing (or OCTOPUS_API_KEY in the environment)"
    case $key in
    *[![:graph:]]*) usage_error "--api-key holds a character that no key has: copy it again" ;;
    esac
    [ -n "$environments" ] || usage_error "--environment is missing"
    [ -n "$roles" ] || usage_error "--role is missing"
}

json_string() {
    printf '"%s"' "$(printf '%s' "$1" | sed 's/[\\"]/\\&/g')"
}

json_append() {
    printf '%s%s' "${1:+$1, }" "$(json_string "$2")"
}

# The wishes without the key.
registration() {
    printf '{"server": %s, "environments": [%s], "roles": [%s]' \
        "$(json_string "$server")" "$environments" "$roles"
    [ -z "$name" ] || printf ', "name": %s' "$(json_string "$name")"
    [ -z "$host" ] || printf ', "public_host_name": %s' "$(json_string "$host")"
}

# Writes HOME/config/register.json, which Tentacle removes once it is registered.
write_registration() {
    (
        umask 077
        printf '%s, "api_key": %s}\n' "$(registration)" "$(json_string "$key")" \
            >"$1/config/register.json.new"
    )
    mv -f "$1/config/register.json.new" "$1/config/register.json"
}

is_running() {
    "$2" status --json --home "$1" 2>/dev/null | grep -q '"state": *"running"'
}

# Waits until Tentacle runs on the HOME $1 and has registered; $2 is Suction Cup. Returns 1, and has
# said why, when it does not come to that.
await_tentacle() {
    log=$1/log/tentacle.log
    old=$(wc -l 2>/dev/null <"$log" || echo 0)
    waited=0
    while ! is_running "$1" "$2" || [ -e "$1/config/register.json" ]; do
        said=$(tail -n +$((old + 1)) "$log" 2>/dev/null | sed -n 's/.*not registered: \(.*\); tries again$/\1/p' | tail -n 1)
        # A refusal does not go away by itself, as a server that is down does.
        case $said in
        *' refused (4'*) waited=$wait ;;
        esac
        if [ "$waited" -ge "$wait" ]; then
            [ -n "$said" ] || said=$(tail -n +$((old + 1)) "$log" 2>/dev/null | tail -n 1)
            [ -n "$said" ] || said=$(tail -n 1 "$1/log/suction-cup.log" 2>/dev/null || true)
            printf '%s\n' "${0##*/}: Tentacle is not registered: ${said:-it does not start}" >&2
            return 1
        fi
        sleep 1
        waited=$((waited + 1))
    done
}
