# Writes the .cpp that defines embedded_profiles() (traces/profile_file.h) from the *.toml files of
# a folder:
#
#   cmake -DOUT=<file.cpp> -DDIR=<folder> -P embed.cmake
cmake_minimum_required(VERSION 3.20)

file(GLOB profiles "${DIR}/*.toml")
list(SORT profiles COMPARE NATURAL)

set(rows "")
foreach(profile IN LISTS profiles)
  # Not NAME_WE: that ends a name at its first dot, and versions have dots.
  get_filename_component(name "${profile}" NAME_WLE)
  file(READ "${profile}" text)
  string(APPEND rows "      {\"${name}\", R\"toml(${text})toml\"},\n")
endforeach()

set(code "#include \"traces/profile_file.h\"

namespace hmm {

const std::vector<std::pair<std::string, std::string>>& embedded_profiles() {
  static const std::vector<std::pair<std::string, std::string>> profiles{
${rows}  };
  return profiles;
}

}  // namespace hmm
")
# An unchanged file keeps its time, so that nothing is built again for it.
file(CONFIGURE OUTPUT "${OUT}" CONTENT "@code@" @ONLY)
