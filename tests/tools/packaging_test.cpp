// What pipelines and packages run is there, and does what they take it for.
#include <regex>
#include <set>

#include "tests/tools/binary.h"

namespace hmm {
namespace {

const std::string kRoot = HMM_SOURCE_DIR;

std::string text_of(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(kRoot + "/" + path).rdbuf();
  return out.str();
}

}  // namespace

TEST_CASE("every script that the workflow and the container run is there") {
  static const std::regex script("(?:^|[ &])((?:tools|[.]ci)/[a-z/-]+)");
  std::set<std::string> found;
  for (const char* file : {".github/workflows/check.yml", "tools/packaging/Containerfile"}) {
    const std::string text = text_of(file);
    for (std::sregex_iterator at(text.begin(), text.end(), script), end; at != end; ++at)
      found.insert((*at)[1]);
  }
  CHECK(found.count("tools/test") == 1);
  CHECK(found.count(".ci/nightly") == 1);
  for (const auto& path : found) {
    CAPTURE(path);
    CHECK(shell("test -x " + kRoot + "/" + path + " || test -f " + kRoot + "/" + path).code == 0);
  }
}

TEST_CASE("the package builds with what tools/setup installs") {
  const std::string control = text_of("tools/packaging/debian/control");
  const std::string setup = text_of("tools/setup");
  static const std::regex package("lib[a-z0-9]+-dev|nlohmann-json3-dev|libcpp-httplib-dev");
  std::size_t n = 0;
  for (std::sregex_iterator at(control.begin(), control.end(), package), end; at != end; ++at, ++n)
    CHECK_THAT(setup, Catch::Contains((*at)[0].str()));
  CHECK(n >= 6);
}

TEST_CASE("bash completes with what is installed") {
  const Folder folder;
  CHECK(shell(kRoot + "/tools/packaging/completion $H " + (folder / "c")).code == 0);
  const Ran ran = shell("bash -c 'source " + (folder / "c/hmmcheck") +
                        "; COMP_WORDS=(hmmcheck whe); COMP_CWORD=1; _hmmcheck; echo $COMPREPLY'");
  CHECK(ran.out == "where\n");
}

TEST_CASE("a failing trace is kept with its page") {
  const Folder folder;
  CHECK(shell("cd " + folder.path() + " && mkdir -p build tools && ln -s " + kRoot +
              "/tools/packaging tools/packaging && ln -s $H build/hmmcheck && "
              "cp " +
              kRoot +
              "/traces/museum/MM-dirty-cow/bug.trace hmmcheck-x.trace && "
              "cp " +
              kRoot + "/tools/packaging/failures tools/failures")
            .code == 0);
  const Ran ran = shell("cd " + folder.path() +
                        " && mkdir -p tools/p/q && cp tools/failures "
                        "tools/p/failures && tools/p/failures kept");
  INFO(ran.out);
  CHECK(ran.code == 0);
  CHECK(ran.out == "1 traces\n");
  CHECK_THAT(folder.text("kept/hmmcheck-x.html"), Catch::Contains("<!DOCTYPE html>"));
  CHECK(shell(kRoot + "/tools/packaging/failures").code == 2);
}

}  // namespace hmm
