#include "tests/goldens/readme.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <regex>
#include <sstream>

#include "tests/goldens/readme_rows.h"

namespace hmm::goldens {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kNotRun = "<!-- not run by the tests: ";
constexpr std::string_view kSlow = "it takes minutes";
constexpr std::string_view kReasons[] = {kSlow,
                                         "it builds and checks everything",
                                         "it builds edited rules",
                                         "it needs the image of a kernel",
                                         "it needs a terminal or a browser",
                                         "it installs packages"};
constexpr const char* kFolders[] = {"model", "properties", "traces", "tools"};

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// A number that depends on the machine, and how far it may be from what is written.
const std::regex& machine() {
  static const std::regex number(
      "([0-9][0-9,.]*) (s|states/s|steps/s|bytes/state|B/state|MB)(?![a-z])");
  return number;
}

bool is_near(const std::string& written, const std::string& found, const std::string& unit) {
  const auto number = [](std::string text) {
    std::erase(text, ',');
    return std::stod(text);
  };
  const double a = number(written), b = number(found);
  const double low = std::min(a, b), high = std::max(a, b);
  // Short runs say little of the machine.
  if (unit == "s") return high < 5 || high <= 30 * low;
  return high <= (unit.ends_with("/s") ? 100 : 2) * low;
}

// A row of a table has the seconds in a column, with the unit in the head.
std::string with_unit(const std::string& line) {
  static const std::regex seconds("([0-9]+[.][0-9]) +(holds|known defect)$");
  return std::regex_replace(line, seconds, "$1 s $2");
}

bool is_same(const std::string& as_written, const std::string& as_found) {
  const std::string written = with_unit(as_written), found = with_unit(as_found);
  if (written == found) return true;
  // In a table what is left of a column is blank.
  static const std::regex blanks("  +");
  const auto masked = [&](const std::string& line) {
    return std::regex_replace(std::regex_replace(line, machine(), "# $2"), blanks, "  ");
  };
  if (masked(written) != masked(found)) return false;
  std::sregex_iterator a(written.begin(), written.end(), machine()), end;
  for (std::sregex_iterator b(found.begin(), found.end(), machine()); a != end; ++a, ++b)
    if (!is_near((*a)[1], (*b)[1], (*a)[2])) return false;
  return true;
}

// What a command prints, as it is written where it is near that.
std::vector<std::string> merged(const std::vector<std::string>& written,
                                const std::vector<std::string>& found) {
  std::vector<std::string> out;
  std::size_t next = 0;
  for (std::size_t i = 0; i < written.size() && next < found.size(); ++i) {
    if (written[i] != "...") {
      out.push_back(is_same(written[i], found[next]) ? written[i] : found[next]);
      ++next;
      continue;
    }
    const auto goes_on = [&](const std::string& line) { return is_same(written[i + 1], line); };
    const auto at = i + 1 == written.size()
                        ? found.end()
                        : std::find_if(found.begin() + static_cast<std::ptrdiff_t>(next) + 1,
                                       found.end(), goes_on);
    if (at == found.end() && i + 1 < written.size()) break;
    out.push_back("...");
    next = static_cast<std::size_t>(at - found.begin());
  }
  out.insert(out.end(), found.begin() + static_cast<std::ptrdiff_t>(next), found.end());
  return out;
}

// The reason that the line gives not to run the block below it, if it is such a line.
std::optional<std::string_view> reason_in(std::string_view line, const Origin& at) {
  if (!line.starts_with(kNotRun)) return std::nullopt;
  line.remove_prefix(kNotRun.size());
  for (const auto reason : kReasons)
    if (line == std::string(reason) + " -->") return reason;
  std::string known;
  for (const auto reason : kReasons) known += (known.empty() ? "" : ", ") + std::string(reason);
  reject(at, "one of: " + known, line);
}

}  // namespace

std::string refreshed(const std::string& readme, const Goldens& goldens, const Run& run,
                      const ReadmeOptions& options) {
  const auto lines = split(readme);
  std::string out;
  bool in_block = false, runs = true;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string& line = lines[i];
    const bool is_fence = line.starts_with("```");
    if (is_fence && !in_block) {
      const Origin above{options.path, static_cast<unsigned>(i)};
      const auto reason = reason_in(i == 0 ? "" : lines[i - 1], above);
      runs = !reason || (options.runs_slow && *reason == kSlow);
    }
    if (is_fence) in_block = !in_block;
    if (!in_block || !runs || !line.starts_with("$ ")) {
      out += (in_block ? check_row(line, goldens) : prose_line(line, goldens)) + "\n";
      continue;
    }
    std::string command = line.substr(2);
    out += line + "\n";
    while (command.ends_with('\\') && i + 1 < lines.size()) {
      out += lines[++i] + "\n";
      command.pop_back();
      command += lines[i];
    }
    std::vector<std::string> written;
    while (i + 1 < lines.size() && !lines[i + 1].starts_with("$ ") && lines[i + 1] != "```")
      written.push_back(lines[++i]);
    for (const auto& fresh : merged(written, split(run(command)))) out += fresh + "\n";
  }
  return out;
}

std::vector<std::string> readmes(const std::string& root) {
  std::vector<std::string> found{"README.md"};
  for (const char* folder : {"model", "properties", "traces", "tools", "tests"})
    for (const auto& entry : fs::recursive_directory_iterator(root + "/" + folder))
      if (entry.path().filename() == "README.md")
        found.push_back(fs::relative(entry.path(), root).string());
  std::sort(found.begin() + 1, found.end());
  return found;
}

std::vector<std::string> mentioned_commands(const std::string& readme) {
  static const std::regex in_block("(^|\n|\\| )(\\$ )?(build/)?hmmcheck ([^\n|]*)");
  static const std::regex in_prose("`(build/)?hmmcheck ([^`]*)`");
  std::string joined = std::regex_replace(readme, std::regex("\\\\\n *"), " ");
  std::vector<std::string> found;
  for (std::sregex_iterator at(joined.begin(), joined.end(), in_block), end; at != end; ++at)
    if ((*at)[2].matched || (*at)[1].str() == "| ") found.push_back((*at)[4]);
  std::replace(joined.begin(), joined.end(), '\n', ' ');
  for (std::sregex_iterator at(joined.begin(), joined.end(), in_prose), end; at != end; ++at)
    found.push_back((*at)[2]);
  return found;
}

std::vector<std::string> mentioned_files(const std::string& readme, const std::string& path) {
  static const std::regex link("\\]\\(([^)#:]+)(#[^)]*)?\\)");
  static const std::regex script("(`|\\$ )(tools/[a-z/-]+)(?=[` \n]|$)");
  std::vector<std::string> found;
  for (std::sregex_iterator at(readme.begin(), readme.end(), link), end; at != end; ++at)
    found.push_back((fs::path(path).parent_path() / (*at)[1].str()).lexically_normal().string());
  for (std::sregex_iterator at(readme.begin(), readme.end(), script), end; at != end; ++at)
    found.push_back((*at)[2]);
  return found;
}

std::string run_in_scratch(const std::string& command) {
  const fs::path scratch =
      fs::temp_directory_path() / ("hmmcheck-goldens-" + std::to_string(getpid()));
  fs::create_directories(scratch);
  for (const char* folder : kFolders)
    fs::create_directory_symlink(fs::path(HMM_SOURCE_DIR) / folder, scratch / folder);
  fs::create_directory_symlink(fs::path(HMM_HMMCHECK).parent_path(), scratch / "build");
  const std::string in_there = "cd '" + scratch.string() + "' && { " + command + "; } 2>&1";
  std::FILE* const pipe = popen(in_there.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
  std::string out;
  std::array<char, 4096> some{};
  while (const std::size_t n = std::fread(some.data(), 1, some.size(), pipe))
    out.append(some.data(), n);
  pclose(pipe);
  // The links first: what they lead to stays.
  for (const char* folder : kFolders) fs::remove(scratch / folder);
  fs::remove(scratch / "build");
  fs::remove_all(scratch);
  return out;
}

}  // namespace hmm::goldens
