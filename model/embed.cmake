# Writes the .cpp that defines a function of traces/embedded.h, which has the name of the .cpp, from
# the *.toml files of a folder:
#
#   cmake -DOUT=<folder>/<function>.cpp -DDIR=<folder> -P embed.cmake
cmake_minimum_required(VERSION 3.20)

get_filename_component(function "${OUT}" NAME_WE)
file(GLOB files "${DIR}/*.toml")
list(SORT files COMPARE NATURAL)

set(rows "")
foreach(toml IN LISTS files)
  # Not NAME_WE: that ends a name at its first dot, and versions have dots.
  get_filename_component(name "${toml}" NAME_WLE)
  file(READ "${toml}" text)
  # A compiler need not take a literal of more than 64 KiB, and these are pasted together.
  string(LENGTH "${text}" left)
  set(at 0)
  set(literals "")
  while(left GREATER 0)
    string(SUBSTRING "${text}" ${at} 8000 part)
    string(APPEND literals "R\"toml(${part})toml\" ")
    math(EXPR at "${at} + 8000")
    math(EXPR left "${left} - 8000")
  endwhile()
  string(APPEND rows "      {\"${name}\", ${literals}},\n")
endforeach()

set(code "#include \"traces/embedded.h\"

namespace hmm {

const Embedded& ${function}() {
  static const Embedded files{
${rows}  };
  return files;
}

}  // namespace hmm
")
# An unchanged file keeps its time, so that nothing is built again for it.
file(CONFIGURE OUTPUT "${OUT}" CONTENT "@code@" @ONLY)
