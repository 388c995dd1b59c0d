// SPDX-FileCopyrightText: 2026 The diffam authors
// SPDX-License-Identifier: MIT
//
// A program that only reads files.
bool folder_is_told();

int main() {
  return folder_is_told() ? 0 : 1;
}
