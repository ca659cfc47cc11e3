# Writes the .cpp that defines sentence_of_step() and citation_of_step() (model/step_sentences.h)
# from the comments on top of the steps:
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
  if(NOT text MATCHES "\n// Kernel: (([^\n]*\n// ?)*[^\n]*)\ntemplate <class D>\n")
    message(FATAL_ERROR "${header}: expected a citation, `// Kernel: ...`, above the step")
  endif()
  string(REGEX REPLACE "\n// ?" " " cites "${CMAKE_MATCH_1}")
  if(NOT text MATCHES " name = \"([a-z_]+)\"")
    message(FATAL_ERROR "${header}: expected name = \"STEP\"")
  endif()
  string(APPEND rows "    {\"${CMAKE_MATCH_1}\", R\"(${says})\", R\"(${cites})\"},\n")
endforeach()

file(CONFIGURE OUTPUT ${OUT} CONTENT "#include \"model/step_sentences.h\"

namespace hmm {
namespace {

struct Comment {
  std::string_view step, says, cites;
};
constexpr Comment kComments[] = {
${rows}};
constexpr Comment comment_of(std::string_view name) {
  for (const Comment& comment : kComments)
    if (comment.step == name) return comment;
  return {};
}

}  // namespace

std::string_view sentence_of_step(std::string_view name) { return comment_of(name).says; }
std::string_view citation_of_step(std::string_view name) { return comment_of(name).cites; }

}  // namespace hmm
" @ONLY)
