# NixOS has no /lib64, /usr/lib or /usr/bin/python3, where Python's prebuilt wheels and their native
# libraries expect them. This makes an environment that has, with the Python that run.sh then uses.
#
# run.sh builds and enters it by itself where it finds /etc/NIXOS. By hand:
#   $(nix-build shell.nix)/bin/picture-pipeline-fhs ./run.sh --help
#   nix-shell -A env                                      a shell inside it
#
# The list of libraries is what `ldd` names over every native file of requirements-test.lock and
# that the wheels do not bring themselves; exiftool and strace serve tests and fault runs.
{ pkgs ? import <nixpkgs> { } }:
let
  buildFHSEnv = pkgs.buildFHSEnv or pkgs.buildFHSUserEnv; # its name before NixOS 23.05
in
buildFHSEnv {
  name = "picture-pipeline-fhs";
  targetPkgs = inside: [
    inside.python3 # every Python since 3.11 has wheels for all that the lock file names
    inside.coreutils
    inside.git
    inside.stdenv.cc.cc.lib # libstdc++, libgcc_s
    inside.zlib
    inside.expat
    inside.glib
    inside.libGL
    inside.exiftool
    inside.strace
  ];
  profile = "export PICTURE_PIPELINE_FHS=1";
  runScript = pkgs.writeShellScript "run" ''exec "$@"'';
}
