# Writes the .cpp that defines kReproCalls (tools/runs/repro_calls.h) from a file of C:
#
#   cmake -DOUT=<file.cpp> -DFROM=<calls.c> -P embed.cmake
cmake_minimum_required(VERSION 3.20)

file(READ "${FROM}" text)
set(code "#include \"tools/runs/repro_calls.h\"

namespace hmm {

const std::string_view kReproCalls = R\"calls(${text})calls\";

}  // namespace hmm
")
# An unchanged file keeps its time, so that nothing is built again for it.
file(CONFIGURE OUTPUT "${OUT}" CONTENT "@code@" @ONLY)
