# Writes the .cpp that defines kReproCalls (tools/runs/repro_calls.h) from the C of a folder:
#
#   cmake -DOUT=<file.cpp> -DDIR=<folder> -P embed.cmake
cmake_minimum_required(VERSION 3.20)

file(READ "${DIR}/calls.c" calls)
file(READ "${DIR}/main.c" main)
set(code "#include \"tools/runs/repro_calls.h\"

namespace hmm {

const std::string_view kReproCalls = R\"calls(${calls}${main})calls\";

}  // namespace hmm
")
# An unchanged file keeps its time, so that nothing is built again for it.
file(CONFIGURE OUTPUT "${OUT}" CONTENT "@code@" @ONLY)
