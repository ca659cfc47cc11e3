// What `explore --witnesses` does with the files that are there already.
#include "tools/runs/witnesses.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "model/scopes.h"
#include "tools/runs/files.h"
#include "traces/profile_file.h"
#include "traces/text.h"

namespace hmm {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() { fs::create_directories(path_); }
  ~Folder() { fs::remove_all(path_); }
  std::string file(const std::string& name) const { return (path_ / name).string(); }
  std::string text() const { return read_input(file("cpu_load/ok.trace")); }

 private:
  fs::path path_ = fs::temp_directory_path() / ("hmmcheck-witnesses-" + std::to_string(getpid()));
};

PlainSteps run_of(const std::string& scope, const std::vector<std::string>& lines) {
  PlainSteps steps;
  for (const auto& line : lines) steps.push_back(parse_step(scope_named(scope)->scope, line, {}));
  return steps;
}

// Adds a run of a load to the folder's files; what became of it.
std::string added(const Folder& folder, unsigned pfn, const std::string& scope = "fork") {
  Witnesses witnesses(folder.file(""));
  witnesses.add(scope, load_profile("6.12"),
                run_of(scope, {"mmap_region mm=0 vpn=0 read=1 write=1",
                               "do_anonymous_page mm=0 vpn=0 pfn=" + std::to_string(pfn),
                               "cpu_load mm=0 vpn=0"}),
                Verdict::ok);
  std::string out;
  for (const auto& line : witnesses.rewritten()) out += line + "\n";
  return out + witnesses.summary();
}

const std::string kWritten =
    "witnesses: 1 written, 0 rewritten, 0 as they were, 0 of another scope or kernel";
const std::string kRewritten =
    "witnesses: 0 written, 1 rewritten, 0 as they were, 0 of another scope or kernel";
const std::string kSame =
    "witnesses: 0 written, 0 rewritten, 1 as they were, 0 of another scope or kernel";
const std::string kOther =
    "witnesses: 0 written, 0 rewritten, 0 as they were, 1 of another scope or kernel";

}  // namespace

TEST_CASE("a witness is written where it differs, and that is said") {
  const Folder folder;
  const std::string path = folder.file("cpu_load/ok.trace");
  CHECK(added(folder, 1) == kWritten);
  const std::string first = folder.text();
  CHECK(first.starts_with("# cpu_load: it takes effect\nhmmcheck-trace 1\nscope fork\n"));
  CHECK(added(folder, 1) == kSame);
  CHECK(added(folder, 2) == path + ": rewritten\n" + kRewritten);
  CHECK(folder.text() != first);

  SECTION("a story stays, and it is said that it is of another run") {
    write_file(path, "# A story.\n" + first.substr(first.find('\n') + 1) +
                         "expect pte mm=0 vpn=0 kind=present\n");
    CHECK(added(folder, 1) == kSame);
    CHECK(added(folder, 2) == path + ": rewritten, below the story of another run\n" + kRewritten);
    CHECK(folder.text().starts_with("# A story.\nhmmcheck-trace 1\n"));
  }
  SECTION("what is no trace is none of another scope") {
    write_file(path, "no trace\n");
    CHECK(added(folder, 1) == path + ": rewritten\n" + kRewritten);
    CHECK(folder.text() == first);
  }
  SECTION("a witness of another scope stays") {
    CHECK(added(folder, 2, "pair") == kOther);
    CHECK(added(folder, 2) == kSame);
  }
}

}  // namespace hmm
