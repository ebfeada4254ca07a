using System.Text;
using ActorTorrent.Engine.Creation;
using ActorTorrent.Engine.Tests.Storage;

namespace ActorTorrent.Engine.Tests.Creation;

public sealed class SourceTreeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Root => _folder["root"];

    [Fact]
    public void Files_come_in_the_order_of_their_paths_bytes()
    {
        Write("b", "B", "a", "a b/x", "a-b", "a.b", "sub/z", "sub.d/1", "sub-e", "ü", "日本", "\U0001F600", "\uFF5E", ".hidden/in", "empty");
        File.WriteAllBytes(_folder["root", "empty"], []);

        var tree = SourceTree.Scan(Root);

        // A star of UTF-16 sorts before U+FF5E, in UTF-8 after it.
        Assert.Equal(
            [".hidden/in", "B", "a", "a b/x", "a-b", "a.b", "b", "empty", "sub-e", "sub.d/1", "sub/z", "ü", "日本", "\uFF5E", "\U0001F600"],
            Paths(tree));
        Assert.Equal("root", tree.Name);
        Assert.False(tree.IsSingleFile);
        Assert.Equal(14, tree.TotalLength);
        Assert.Empty(tree.Skipped);
    }

    [Fact]
    public void Transmission_leaves_out_hidden_and_empty_ones_and_has_an_order_of_its_own()
    {
        Write("b", "B2", "a", "aé", "a b/x", "a^", "A_", "aB", "é", ".hidden/in", ".dot", "c/.dot", "empty");
        File.WriteAllBytes(_folder["root", "empty"], []);

        Assert.Equal(["é", "aé", "a", "a b/x", "a^", "A_", "aB", "b", "B2"], Paths(SourceTree.Scan(Root, CreationStyle.Transmission)));
    }

    [Fact]
    public void Paths_that_differ_in_case_alone_come_by_their_bytes()
    {
        Write("x/a", "X/a", "x/A");
        if (Directory.EnumerateDirectories(Root).Count() < 2)
            return; // The file system knows no difference.

        Assert.Equal(["X/a", "x/A", "x/a"], Paths(SourceTree.Scan(Root, CreationStyle.Transmission)));
    }

    [Fact]
    public void One_file_is_its_own_content()
    {
        var path = _folder["über.bin"];
        File.WriteAllText(path, "content");

        var tree = SourceTree.Scan(path);

        Assert.True(tree.IsSingleFile);
        Assert.Equal("über.bin", tree.Name);
        Assert.Empty(Assert.Single(tree.Files).Segments);
        Assert.Equal(7, tree.TotalLength);
    }

    [Fact]
    public void A_separator_at_the_end_and_dots_change_nothing()
    {
        Write("a");

        Assert.Equal("root", SourceTree.Scan(Root + Path.DirectorySeparatorChar).Name);
        Assert.Equal("root", SourceTree.Scan(Path.Join(Root, "..", "root", ".")).Name);
    }

    [Fact]
    public void Links_are_followed_and_keep_their_names()
    {
        if (OperatingSystem.IsWindows())
            return; // Links need a privilege there.
        Write("file", "folder/in");
        File.WriteAllText(_folder["outside"], "longer");
        File.CreateSymbolicLink(_folder["root", "to-file"], "file");
        Directory.CreateSymbolicLink(_folder["root", "to-folder"], "folder");
        File.CreateSymbolicLink(_folder["root", "to-outside"], Path.Join("..", "outside"));
        File.CreateSymbolicLink(_folder["root", "twice"], "to-outside");
        Directory.CreateSymbolicLink(_folder["link"], "root");

        var tree = SourceTree.Scan(_folder["link"]);

        Assert.Equal(["file", "folder/in", "to-file", "to-folder/in", "to-outside", "twice"], Paths(tree));
        Assert.Equal([1, 1, 1, 1, 6, 6], tree.Files.Select(static file => file.Length));
        Assert.Equal("link", tree.Name);
        Assert.Equal("root", SourceTree.Scan(_folder["link"], CreationStyle.Transmission).Name);
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_refused_or_as_in_transmission_left_out()
    {
        if (OperatingSystem.IsWindows())
            return;
        Write("a");
        File.CreateSymbolicLink(_folder["root", "broken"], "none");

        Refuses(Root, "broken: the link leads nowhere (to none)");
        var tree = SourceTree.Scan(Root, CreationStyle.Transmission);
        Assert.Equal(["a"], Paths(tree));
        Assert.EndsWith("broken: a link that leads nowhere", Assert.Single(tree.Skipped), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../sub")]
    public void Links_that_go_round_in_circles_are_refused(string target)
    {
        if (OperatingSystem.IsWindows())
            return;
        Write("a", "sub/b");
        Directory.CreateSymbolicLink(_folder["root", "sub", "circle"], target);

        Refuses(Root, "circle: the link leads back to a folder that it lies in");
    }

    [Fact]
    public void A_pipe_is_left_out_and_not_opened()
    {
        if (OperatingSystem.IsWindows())
            return;
        Write("a");
        Shell("mkfifo \"$1/pipe\"");
        if (!OperatingSystem.IsLinux())
            return; // Where the system cannot be asked it counts as an empty file, which nobody opens either.

        var tree = SourceTree.Scan(Root);

        Assert.Equal(["a"], Paths(tree));
        Assert.EndsWith("pipe: neither a file nor a folder", Assert.Single(tree.Skipped), StringComparison.Ordinal);
        Refuses(_folder["root", "pipe"], "neither a file nor a folder");
    }

    [Fact]
    public void The_torrent_itself_is_no_part_of_it()
    {
        Write("a", "root.torrent");

        Assert.Equal(["a"], Paths(SourceTree.Scan(Root, except: _folder["root", "root.torrent"])));
    }

    [Fact]
    public void What_holds_nothing_is_refused()
    {
        Refuses(_folder["none"], "no such file or folder");
        Directory.CreateDirectory(_folder["root", "empty", "folder"]);
        Refuses(Root, "the folder holds no file");
        Write("nothing");
        File.WriteAllBytes(_folder["root", "nothing"], []);
        Refuses(Root, "all files are empty");
        Refuses(_folder["root", "nothing"], "the file is empty");
        Refuses("/", "no name");
        var refusal = Assert.Throws<CreationException>(() => SourceTree.Scan(Root, CreationStyle.Transmission));
        Assert.Contains("no file but empty and hidden ones", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("aux.txt", "names a device")]
    [InlineData("a\\b", "path separator")]
    [InlineData("a\nb", "control character")]
    [InlineData(" . ", "is no name")]
    public void Names_that_clients_refuse_are_refused_before_they_are_hashed(string name, string why)
    {
        if (OperatingSystem.IsWindows())
            return; // Such names cannot be made there.
        Write("sub/" + name);

        Refuses(Root, why);
    }

    [Fact]
    public void A_name_that_is_not_UTF_8_is_refused()
    {
        if (!OperatingSystem.IsLinux())
            return; // Others refuse to make it.
        Write("a");
        Shell("touch \"$1/$(printf 'x\\377y')\"");
        try
        {
            Refuses(Root, "the name is not UTF-8");
        }
        finally
        {
            // The runtime can neither open nor delete it.
            Shell("rm -r \"$1\"");
        }
    }

    [Fact]
    public void A_path_that_is_too_long_for_a_torrent_is_refused()
    {
        var segment = new string('x', 200);
        Write(string.Join('/', Enumerable.Repeat(segment, 16)));

        Refuses(Root, "its path is 3220 bytes long in the torrent");
    }

    private static string[] Paths(SourceTree tree) => [.. tree.Files.Select(static file => string.Join('/', file.Segments))];

    private static void Refuses(string path, string why)
    {
        var refusal = Assert.Throws<CreationException>(() => SourceTree.Scan(path));

        Assert.Equal(CreationFailure.BadInput, refusal.Failure);
        Assert.Contains(why, refusal.Message, StringComparison.Ordinal);
    }

    private void Shell(string script)
    {
        using var shell = System.Diagnostics.Process.Start("sh", ["-c", script, "sh", Root]);
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }

    private void Write(params string[] paths)
    {
        foreach (var path in paths)
        {
            var full = Path.Join(Root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllBytes(full, Encoding.ASCII.GetBytes("x"));
        }
    }
}
