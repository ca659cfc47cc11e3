#include "tools/runs/files.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "traces/input.h"

namespace hmm {

void write_file(const std::string& path, const std::string& text) {
  const std::string temporary = path + ".part";
  {
    std::ofstream out(temporary, std::ios::binary);
    out << text;
    if (!out.flush()) {
      std::error_code ignored;
      std::filesystem::remove(temporary, ignored);
      reject({path}, "a file that can be written", "none");
    }
  }
  std::filesystem::rename(temporary, path);
}

void require_writable(const std::string& path) {
  if (path.empty()) return;
  const auto folder = std::filesystem::absolute(path).parent_path();
  if (access(folder.c_str(), W_OK) != 0) reject({path}, "a file that can be written", "none");
}

}  // namespace hmm
