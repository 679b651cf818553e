# Makes a file system of a few read-only files, and goes on as a command that sees nothing else.
# Runs as root of its own namespaces. Arguments: where tools are, how many processes
# there may be, a folder to mount on, pairs of file and name, "--", the command.
set -e
PATH=$1
processes=$2
root=$3
shift 3
mount -t tmpfs -o size=1m,mode=755 cell "$root"
while [ "$1" != -- ]; do
  mkdir -p "$root${2%/*}"
  : >"$root$2"
  mount --bind "$1" "$root$2"
  mount -o remount,bind,ro,nosuid,nodev "$root$2"
  shift 2
done
shift
mount -o remount,bind,ro "$root"
# Shells do not agree on the letter.
{ ulimit -u "$processes" || ulimit -p "$processes"; } 2>/dev/null
# A user who is not root in there has no capability left, so that no way leads out of the new root.
exec unshare --user --map-user=65534 --map-group=65534 --root="$root" --wd=/ "$@"
