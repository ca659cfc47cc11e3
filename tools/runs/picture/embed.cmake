# Writes the .cpp that defines kPageStyle and kPageScript (tools/runs/picture_page.h):
#
#   cmake -DOUT=<file.cpp> -DDIR=<folder> -P embed.cmake
cmake_minimum_required(VERSION 3.20)

file(READ "${DIR}/page.css" style)
file(READ "${DIR}/page.js" script)
set(code "#include \"tools/runs/picture_page.h\"

namespace hmm {

const std::string_view kPageStyle = R\"page(${style})page\";
const std::string_view kPageScript = R\"page(${script})page\";

}  // namespace hmm
")
# An unchanged file keeps its time, so that nothing is built again for it.
file(CONFIGURE OUTPUT "${OUT}" CONTENT "@code@" @ONLY)
