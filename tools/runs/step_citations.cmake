# Writes the .cpp that defines citation_of_step() (tools/runs/step_citations.h) from the comments on
# top of the steps:
#
#   cmake -DOUT=<file.cpp> -DDIR=<model/steps> -P step_citations.cmake
cmake_minimum_required(VERSION 3.20)

file(GLOB headers ${DIR}/*.h)
set(rows "")
foreach(header IN LISTS headers)
  file(READ ${header} text)
  if(NOT text MATCHES "\n// Kernel: (([^\n]*\n// ?)*[^\n]*)\ntemplate <class D>\n")
    message(FATAL_ERROR "${header}: expected a citation, `// Kernel: ...`, above the step")
  endif()
  string(REGEX REPLACE "\n// ?" " " says "${CMAKE_MATCH_1}")
  if(NOT text MATCHES " name = \"([a-z_]+)\"")
    message(FATAL_ERROR "${header}: expected name = \"STEP\"")
  endif()
  string(APPEND rows "      {\"${CMAKE_MATCH_1}\", R\"(${says})\"},\n")
endforeach()

file(CONFIGURE OUTPUT ${OUT} CONTENT "#include \"tools/runs/step_citations.h\"

#include <utility>

namespace hmm {

std::string_view citation_of_step(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> citations[] = {
${rows}  };
  for (const auto& [step, says] : citations)
    if (step == name) return says;
  return {};
}

}  // namespace hmm
" @ONLY)
