# Writes the .cpp that defines sentence_of_step() (model/step_sentences.h) from the comments on top
# of the steps:
#
#   cmake -DOUT=<file.cpp> -DDIR=<model/steps> -P step_sentences.cmake
cmake_minimum_required(VERSION 3.20)

file(GLOB headers ${DIR}/*.h)
set(rows "")
foreach(header IN LISTS headers)
  file(READ ${header} text)
  if(NOT text MATCHES "\n\n((// [^\n]*\n)+)//\n(//[^\n]*\n)*template <class D>\n")
    message(FATAL_ERROR "${header}: expected what the step is, a line `//`, and the citation")
  endif()
  string(REGEX REPLACE "\n?// " " " says "${CMAKE_MATCH_1}")
  string(STRIP "${says}" says)
  if(NOT text MATCHES " name = \"([a-z_]+)\"")
    message(FATAL_ERROR "${header}: expected name = \"STEP\"")
  endif()
  string(APPEND rows "      {\"${CMAKE_MATCH_1}\", R\"(${says})\"},\n")
endforeach()

file(CONFIGURE OUTPUT ${OUT} CONTENT "#include \"model/step_sentences.h\"

#include <utility>

namespace hmm {

std::string_view sentence_of_step(std::string_view name) {
  static constexpr std::pair<std::string_view, std::string_view> sentences[] = {
${rows}  };
  for (const auto& [step, says] : sentences)
    if (step == name) return says;
  return {};
}

}  // namespace hmm
" @ONLY)
