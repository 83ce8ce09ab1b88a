#!/bin/sh
# Installs, updates or removes Octopus Tentacle on any Linux, with or without systemd.
#
# It puts everything into one folder, HOME, and a service that runs Suction Cup on it. When something
# fails, the machine is as it was before.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
. "$here/register.sh"

usage() {
    cat <<'END'
Installs Octopus Tentacle, registers it with a server, and keeps it running.

install.sh --server URL --api-key KEY --environment NAME --role NAME [options]
    --server URL             address of the server's portal
    --api-key KEY            a key of the server; better in the environment as OCTOPUS_API_KEY
    --environment NAME       an environment of the server; may be repeated
    --role NAME              a role (target tag); may be repeated
    --name NAME              the machine's name in the portal [its host name]
    --public-host-name HOST  under which the server reaches this machine [its host name]
    --port PORT              TCP port that the server calls [10933]
    --home DIR               folder of this Tentacle [/var/lib/octopus-tentacle]
    --wait SECONDS           how long registering may take; 0: do not wait [60]
install.sh [--home DIR]
    Updates Suction Cup and the bundle of a Tentacle that is installed already.
install.sh --uninstall [--home DIR]
    Removes it. Applications that were deployed stay.

The service is called as the last part of HOME. A user who is not root gives --home; there is no service
then, but HOME/bin/service, to be started at boot.
Exit codes: 0 done, 1 failed and nothing changed, 2 wrong usage.
END
}

default_home=/var/lib/octopus-tentacle
home='' port='' action=install

while [ $# -gt 0 ]; do
    case $1 in
    --help | -h)
        usage
        exit 0
        ;;
    --uninstall)
        action=uninstall
        shift
        continue
        ;;
    --home | --port | --server | --api-key | --environment | --role | --name | --public-host-name | --wait) ;;
    *) usage_error "there is no option $1" ;;
    esac
    need_value $# "$1"
    case $1 in
    --home)
        check_text --home "$2"
        home=$2
        ;;
    --port)
        case $2 in
        '' | *[!0-9]* | ??????*) usage_error "--port takes a number from 1 to 65535" ;;
        esac
        [ "$2" -ge 1 ] && [ "$2" -le 65535 ] || usage_error "--port takes a number from 1 to 65535"
        port=$2
        ;;
    *) registration_option "$1" "$2" ;;
    esac
    shift 2
done

user=$(id -u)
if [ -z "$home" ]; then
    [ "$user" = 0 ] || usage_error "you are not root: give --home and a folder of yours, or run it as root"
    home=$default_home
fi
case $home in
/*) ;;
*) home=$(pwd)/$home ;;
esac
home=${home%/}
# As the kernel will call it.
real=$(readlink -f "$home" 2>/dev/null) && [ -n "$real" ] && home=$real
service=${home##*/}
# The service's files and scripts name both.
case $home in
*[!A-Za-z0-9/._-]*) usage_error "--home may hold letters, digits and . _ - only" ;;
esac
case $service in
'' | . | .. | -*) usage_error "--home takes the folder of this Tentacle, such as $default_home" ;;
esac

unit=/etc/systemd/system/$service.service
script=/etc/init.d/$service
if [ "$user" != 0 ]; then
    manager=none
elif [ -d /run/systemd/system ]; then
    manager=systemd
elif [ -d /etc/init.d ]; then
    manager=init
else
    manager=none
fi

# --- the service

service_stop() {
    case $manager in
    systemd) systemctl stop "$service" 2>/dev/null || true ;;
    *) [ ! -x "$home/bin/service" ] || "$home/bin/service" stop ;;
    esac
}

service_start() {
    case $manager in
    systemd) systemctl start "$service" ;;
    *) "$home/bin/service" start ;;
    esac
}

service_enable() {
    case $manager in
    systemd)
        systemctl daemon-reload
        systemctl --quiet enable "$service"
        ;;
    init)
        if command -v update-rc.d >/dev/null; then
            update-rc.d "$service" defaults >/dev/null
        elif command -v chkconfig >/dev/null; then
            chkconfig --add "$service"
        elif command -v rc-update >/dev/null; then
            rc-update --quiet add "$service" default
        fi
        ;;
    esac
}

service_disable() {
    case $manager in
    systemd)
        systemctl --quiet disable "$service" 2>/dev/null || true
        ;;
    init)
        if command -v update-rc.d >/dev/null; then
            update-rc.d -f "$service" remove >/dev/null 2>&1 || true
        elif command -v chkconfig >/dev/null; then
            chkconfig --del "$service" 2>/dev/null || true
        elif command -v rc-update >/dev/null; then
            rc-update --quiet del "$service" default 2>/dev/null || true
        fi
        ;;
    esac
}

service_forget() {
    [ "$manager" != systemd ] || systemctl daemon-reload
}

# --- uninstall

if [ "$action" = uninstall ]; then
    [ -x "$home/bin/suction-cup" ] || fail "there is no Tentacle of this installer in $home"
    service_stop
    service_disable
    case $manager in
    systemd) rm -f "$unit" ;;
    init) rm -f "$script" ;;
    esac
    service_forget
    # This very script lies in bin.
    cd /
    for part in "$home"/.[!.]* "$home"/*; do
        [ "${part##*/}" = Applications ] || rm -rf "$part"
    done
    rmdir "$home/Applications" 2>/dev/null || true
    if rmdir "$home" 2>/dev/null; then
        echo "Tentacle is removed."
    else
        echo "Tentacle is removed; what it deployed stays in $home/Applications."
    fi
    echo "The server still lists this machine: delete it there."
    exit 0
fi

# --- checks, before anything is touched

registered=no
if wants_registration; then
    registered=yes
elif [ ! -x "$home/bin/suction-cup" ]; then
    usage_error "--server, --api-key, --environment and --role are missing"
fi
[ "$(uname -s)" = Linux ] || fail "this is for Linux"
[ "$(uname -m)" = x86_64 ] || fail "this is for x86_64 machines; this one is $(uname -m)"
package=''
for file in "$here"/Octopus.Tentacle.linux-x64.*.nupkg; do
    [ -e "$file" ] || fail "there is no Tentacle package beside this script: unpack the whole tarball"
    package=$file
done
[ -e "$here/suction-cup" ] || fail "there is no suction-cup beside this script: unpack the whole tarball"
if [ -e "$home" ] && [ ! -x "$home/bin/suction-cup" ] && [ -n "$(ls -A "$home" 2>/dev/null || echo no)" ]; then
    fail "$home is there and is not of this installer: give another --home"
fi
for file in "$unit" "$script"; do
    [ ! -e "$file" ] || grep -Eq -- "--home $home\$|^home=$home\$" "$file" ||
        fail "there is a service $service already, of something else: give a --home with another name"
done

# Beside the bundle: Tentacle unpacked, and room for the next version.
size=$(wc -c <"$package")
needed=$((size / 1024 * 8))
below=$home
while [ ! -d "$below" ]; do below=$(dirname "$below"); done
free=$(df -Pk "$below" | awk 'NR == 2 { print $4 }')
[ -z "$free" ] || [ "$free" -ge "$needed" ] ||
    fail "there is too little room in $below: $needed kB are needed, $free kB are free"

# --- what is done is written down, and undone in reverse when something fails

mkdir_p() {
    [ -d "$1" ] || {
        mkdir_p "$(dirname "$1")"
        mkdir "$1"
        printf 'new\t%s\n' "$1" >>"$undo"
    }
}

# put SOURCE FILE MODE: SOURCE goes away.
put() {
    chmod "$3" "$1"
    if [ -e "$2" ]; then
        saved=$((saved + 1))
        # A copy: the kernel would follow a running program to its new name.
        cp -p "$2" "$work/saved-$saved"
        printf 'old\t%s\t%s\n' "$2" "$work/saved-$saved" >>"$undo"
    else
        printf 'new\t%s\n' "$2" >>"$undo"
    fi
    mv -f "$1" "$2"
}

roll_back() {
    trap - EXIT HUP INT TERM
    set +e
    echo "${0##*/}: putting everything back as it was" >&2
    service_stop
    [ "$was_there" = yes ] || service_disable
    sed '1!G;h;$!d' "$undo" | while IFS="$(printf '\t')" read -r what file backup; do
        rm -rf "$file"
        [ "$what" = new ] || mv "$backup" "$file"
    done
    # A folder that was there, and empty.
    [ "$was_there" = yes ] || rm -rf "$home"/.[!.]* "$home"/*
    service_forget
    [ "$was_running" = no ] || service_start
    rm -rf "$work"
    exit 1
}

work=$(mktemp -d "${TMPDIR:-/tmp}/tentacle-install.XXXXXX")
undo=$work/undo
: >"$undo"
saved=0
was_there=no was_running=no
if [ -x "$home/bin/suction-cup" ]; then
    was_there=yes
    ! is_running "$home" "$home/bin/suction-cup" || was_running=yes
fi

# --- is there anything to do?

bundle=$home/bundle/${package##*/}
registration >"$work/registration"
echo '}' >>"$work/registration"
if [ "$was_running" = yes ] &&
    cmp -s "$here/suction-cup" "$home/bin/suction-cup" && cmp -s "$package" "$bundle" &&
    { [ "$registered" = no ] || cmp -s "$work/registration" "$home/bin/registration"; } &&
    { [ -z "$port" ] || grep -q "\"port\": *$port\b" "$home/config/tentacle.json"; } &&
    [ ! -e "$home/config/register.json" ]; then
    rm -rf "$work"
    echo "Tentacle is installed and running already; there is nothing to do."
    exit 0
fi

# --- install

trap roll_back EXIT
trap 'exit 1' HUP INT TERM

for folder in "$home" "$home/bin" "$home/bundle" "$home/config"; do
    mkdir_p "$folder"
done
chmod 700 "$home/config"

cp "$here/suction-cup" "$work/suction-cup"
put "$work/suction-cup" "$home/bin/suction-cup" 755
# SELinux lets services run programs of this type only.
if command -v selinuxenabled >/dev/null && selinuxenabled; then
    chcon -t bin_t "$home/bin/suction-cup"
fi
for file in install.sh register.sh; do
    cp "$here/$file" "$work/$file"
    put "$work/$file" "$home/bin/$file" 755
done

for file in "$home"/bundle/*.nupkg; do
    [ ! -e "$file" ] || [ "$file" = "$bundle" ] || {
        saved=$((saved + 1))
        mv "$file" "$work/saved-$saved"
        printf 'old\t%s\t%s\n' "$file" "$work/saved-$saved" >>"$undo"
    }
done
cp "$package" "$work/package"
put "$work/package" "$bundle" 644

# Tentacle itself writes its settings, too.
if [ -e "$home/config/tentacle.json" ]; then
    cp -p "$home/config/tentacle.json" "$work/settings"
    saved=$((saved + 1))
    cp -p "$home/config/tentacle.json" "$work/saved-$saved"
    printf 'old\t%s\t%s\n' "$home/config/tentacle.json" "$work/saved-$saved" >>"$undo"
    [ -z "$port" ] || {
        sed "s/\"port\": *[0-9]*/\"port\": $port/" "$work/settings" >"$work/settings.new"
        mv "$work/settings.new" "$home/config/tentacle.json"
    }
elif [ -n "$port" ]; then
    printf '{"port": %s}\n' "$port" >"$home/config/tentacle.json"
fi
if [ "$registered" = yes ]; then
    put "$work/registration" "$home/bin/registration" 644
    printf 'new\t%s\n' "$home/config/register.json" >>"$undo"
    write_registration "$home"
fi

filled_in() {
    sed "s|@PROGRAM@|$home/bin/suction-cup|; s|@HOME@|$home|; s|@NAME@|$service|" "$here/$1"
}

filled_in service.sh >"$work/service"
put "$work/service" "$home/bin/service" 755
case $manager in
systemd)
    filled_in octopus-tentacle.service >"$work/unit"
    put "$work/unit" "$unit" 644
    ;;
init)
    cp "$home/bin/service" "$work/script"
    put "$work/script" "$script" 755
    ;;
esac

service_enable
service_stop
service_start
if [ "$wait" -gt 0 ]; then
    await_tentacle "$home" "$home/bin/suction-cup" || exit 1
fi

trap - EXIT HUP INT TERM
rm -rf "$work"
echo "Tentacle runs in $home."
[ "$registered" = no ] || [ ! -e "$home/config/register.json" ] || echo "It registers with $server as soon as it reaches it."
case $manager in
systemd) echo "Its service is $service: systemctl status $service" ;;
init) echo "Its service is $service: $script status" ;;
none) echo "See to it that this runs at boot: $home/bin/service start" ;;
esac
