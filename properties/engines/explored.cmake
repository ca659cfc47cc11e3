# Writes the .cpp that defines explored_counts() (properties/engines/explored.h) from
# tests/goldens/explore.txt:
#
#   cmake -DOUT=<file.cpp> -DFROM=<explore.txt> -P explored.cmake
cmake_minimum_required(VERSION 3.20)

file(STRINGS ${FROM} lines REGEX "^explore ")
set(n "([0-9]+)")
set(shape "^explore ([a-z0-9_]+) states ${n} edges ${n} depth ${n}")
set(shape "${shape} megabytes ${n} milliseconds ${n}$")
set(rows "")
foreach(line IN LISTS lines)
  if(NOT line MATCHES "${shape}")
    message(FATAL_ERROR "${FROM}: expected `explore SCOPE states N edges N depth N megabytes N "
                        "milliseconds N`, found `${line}`")
  endif()
  string(REGEX REPLACE "${shape}" "{\"\\1\", \\2, \\3, \\4, \\5, \\6}" row "${line}")
  string(APPEND rows "      ${row},\n")
endforeach()

file(CONFIGURE OUTPUT ${OUT} CONTENT "#include \"properties/engines/explored.h\"

namespace hmm {

std::span<const ExploredCounts> explored_counts() {
  static constexpr ExploredCounts counts[] = {
${rows}  };
  return counts;
}

}  // namespace hmm
" @ONLY)
