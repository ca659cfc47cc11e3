# Writes the .cpp that defines explored_counts() (properties/engines/explored.h) from
# tests/goldens/explore.txt:
#
#   cmake -DOUT=<file.cpp> -DFROM=<explore.txt> -P explored.cmake
cmake_minimum_required(VERSION 3.20)

file(STRINGS ${FROM} lines REGEX "^explore ")
set(n "([0-9]+)")
set(shape "^explore ([a-z0-9_]+) states ${n} edges ${n} depth ${n}")
set(shape "${shape} verdicts ${n} megabytes ${n} milliseconds ${n}$")
file(STRINGS ${FROM} edge_lines REGEX "^edges ")
set(rows "")
set(tables "")
foreach(line IN LISTS lines)
  if(NOT line MATCHES "${shape}")
    message(FATAL_ERROR "${FROM}: expected `explore SCOPE states N edges N depth N verdicts N "
                        "megabytes N milliseconds N`, found `${line}`")
  endif()
  set(scope ${CMAKE_MATCH_1})
  set(row "\"${scope}\", ${CMAKE_MATCH_2}, ${CMAKE_MATCH_3}, ${CMAKE_MATCH_4}, ${CMAKE_MATCH_5}")
  string(APPEND row ", ${CMAKE_MATCH_6}, ${CMAKE_MATCH_7}")
  set(edges ${edge_lines})
  list(FILTER edges INCLUDE REGEX "^edges ${scope} ")
  if(NOT edges MATCHES "^edges ${scope}(( [a-z_]+ [0-9]+)+)$")
    message(FATAL_ERROR "${FROM}: expected one `edges ${scope} STEP N ...`, found `${edges}`")
  endif()
  string(REGEX REPLACE " ([a-z_]+) ([0-9]+)" "{\"\\1\", \\2}, " of "${CMAKE_MATCH_1}")
  string(APPEND tables "constexpr EdgesOf k_${scope}[] = {${of}};\n")
  string(APPEND rows "      {${row}, k_${scope}},\n")
endforeach()

file(CONFIGURE OUTPUT ${OUT} CONTENT "#include \"properties/engines/explored.h\"

namespace hmm {
namespace {

${tables}
}  // namespace

std::span<const ExploredCounts> explored_counts() {
  static constexpr ExploredCounts counts[] = {
${rows}  };
  return counts;
}

}  // namespace hmm
" @ONLY)
