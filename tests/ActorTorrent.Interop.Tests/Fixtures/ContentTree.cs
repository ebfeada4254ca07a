using System.Globalization;
using System.Text;

namespace ActorTorrent.Interop.Tests.Fixtures;

/// <summary>Files and folders in the shapes that programs order, name and leave out differently.</summary>
public static class ContentTree
{
    private static readonly Dictionary<string, Action<string>> Makers = new(StringComparer.Ordinal)
    {
        ["one file"] = static root => Write(root, 1_000_003),
        ["one byte"] = static root => Write(root, 1),
        ["one file with spaces and letters beyond ASCII"] = static root => Write(root + " – übung 日本.bin", 70_000),
        ["exactly one piece"] = static root => Write(root, 32 << 10),
        ["exactly some pieces"] = static root => Files(root, ("a", 32 << 10), ("b", 96 << 10)),
        ["folders in folders"] = static root => Files(root, ("a/b/c/d/e", 50_000), ("a/b/c.bin", 70_000), ("a/z", 3), ("z/a/b", 100_000), ("y", 5)),
        ["a folder without files"] = static root =>
        {
            Files(root, ("a", 1));
            Directory.CreateDirectory(Path.Join(root, "nothing", "here"));
        },
        ["empty files"] = static root => Files(root, ("0", 0), ("a", 40_000), ("b", 0), ("c/d", 0), ("c/e", 1), ("z", 0)),
        ["hidden files"] = static root => Files(root, (".first", 10), (".folder/in", 20), ("a/.in", 30), ("a/b", 40), ("c", 50)),
        ["punctuation against separators"] = static root => Files(
            root, ("sub/a", 1), ("sub-e", 2), ("sub.d/x", 3), ("sub e", 4), ("sub!/y", 5), ("sub0", 6), ("sub_", 7), ("sub~", 8)),
        ["upper and lower case"] = static root => Files(root, ("a", 1), ("B", 2), ("c", 3), ("D", 4), ("_", 5), ("Z", 6), ("[", 7), ("aB/x", 8), ("Ab2", 9)),
        ["letters beyond ASCII"] = static root => Files(
            root, ("e", 1), ("é", 2), ("e\u0301", 3), ("aé", 4), ("a", 5), ("ä/x", 6), ("z", 7), ("日本", 8), ("\U0001F600", 9), ("\uFF5E", 10), ("ß", 11), ("İ", 12)),
        ["numbers"] = static root => Files(root, ("1", 1), ("10", 2), ("2", 3), ("02", 4), ("1.5", 5)),
        ["links"] = static root =>
        {
            Files(root, ("file", 10), ("folder/in", 20));
            Files(root + " outside", ("x", 30));
            File.CreateSymbolicLink(Path.Join(root, "a link"), "file");
            Directory.CreateSymbolicLink(Path.Join(root, "linked"), "folder");
            Directory.CreateSymbolicLink(Path.Join(root, "out"), root + " outside");
        },
        ["a thousand little files"] = static root =>
            Files(root, [.. Enumerable.Range(0, 1000).Select(static i => (string.Create(CultureInfo.InvariantCulture, $"{i % 7}/{i}.txt"), i))]),
    };

    /// <summary>The names of the shapes.</summary>
    public static IEnumerable<string> Shapes => Makers.Keys;

    /// <summary>Makes a shape below a folder and returns the file or folder to share.</summary>
    public static string Make(string shape, string parent)
    {
        Makers[shape](Path.Join(parent, "content"));
        return Directory.EnumerateFileSystemEntries(parent).Single(static path => !path.EndsWith(" outside", StringComparison.Ordinal));
    }

    /// <summary>Makes a tree of chance below a folder, without two paths that differ in case alone, and returns the folder to share.</summary>
    public static string MakeRandom(Random random, string parent)
    {
        var root = Path.Join(parent, "content");
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var folders = new List<string> { "" };
        // The first file is neither empty nor hidden, so that there is something to share.
        Files(root, ("0first", 1 + random.Next(100_000)));
        for (var i = random.Next(1, 40); i > 0; i--)
        {
            var name = Name(random);
            var path = folders[random.Next(folders.Count)] + name;
            if (!taken.Add(Fold(path)))
                continue;
            if (random.Next(4) == 0)
            {
                folders.Add(path + "/");
                Directory.CreateDirectory(Path.Join(root, path));
            }
            else
            {
                Files(root, (path, random.Next(3) == 0 ? 0 : random.Next(90_000)));
            }
        }

        return root;
    }

    private static string Name(Random random)
    {
        string[] letters = ["a", "A", "b", "B", "z", "Z", "0", "9", "_", "-", ".", " ", "~", "[", "^", "{", "!", "é", "É", "日", "\U0001F600", "\uFFFD", "\uFF5E"];
        // The letter at the end sees to it that dots and spaces alone make no name.
        return string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => letters[random.Next(letters.Length)])) + "x";
    }

    private static string Fold(string path) => string.Concat(path.Select(static c => char.IsAscii(c) ? char.ToLowerInvariant(c) : c));

    private static void Files(string root, params (string Path, int Length)[] files)
    {
        foreach (var (path, length) in files)
            Write(Path.Join(root, path), length);
    }

    private static void Write(string path, int length)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var bytes = new byte[length];
        new Random(length + Encoding.UTF8.GetByteCount(Path.GetFileName(path))).NextBytes(bytes);
        File.WriteAllBytes(path, bytes);
    }
}
