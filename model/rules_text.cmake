# Which text of the rules a tree has: the hash of the headers that an engine is compiled from, as
# the .cpp that defines kRulesText (tools/runs/rules_build.h) or, without OUT, on standard output.
#
#   cmake [-DOUT=<file.cpp>] -DDIR=<tree> -P rules_text.cmake
cmake_minimum_required(VERSION 3.20)

file(GLOB_RECURSE headers RELATIVE "${DIR}" "${DIR}/model/*.h" "${DIR}/properties/*.h")
list(SORT headers)
set(hashes "")
foreach(header IN LISTS headers)
  file(SHA256 "${DIR}/${header}" hash)
  string(APPEND hashes "${header} ${hash}\n")
endforeach()
string(SHA256 text "${hashes}")

if(NOT OUT)
  execute_process(COMMAND "${CMAKE_COMMAND}" -E echo "${text}")
  return()
endif()
set(code "#include \"tools/runs/rules_build.h\"

namespace hmm {

const std::string_view kRulesText = \"${text}\";

}  // namespace hmm
")
# An unchanged file keeps its time, so that nothing is built again for it.
file(CONFIGURE OUTPUT "${OUT}" CONTENT "@code@" @ONLY)
