using System.Globalization;
using ActorTorrent.Interop.Tests.Fixtures;
using Xunit.Abstractions;

namespace ActorTorrent.Interop.Tests;

/// <summary>
/// The program as it is published for one kind of machine: one file, alone in its folder, that needs no .NET beside it.
/// </summary>
public sealed class PublishedProgramTests(ITestOutputHelper output)
{
    /// <summary>Publishing compiles all that is used to machine code.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(8);

    /// <summary>Whether the native one is published too; that takes a minute of linking.</summary>
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("ACTORTORRENT_FULL") is "1";

    public static TheoryData<string, string[]> Forms
    {
        get
        {
            var forms = new TheoryData<string, string[]> { { "trimmed", [] } };
            // .NET 9's compiler brings its native runtime along; that of .NET 10 is a package of its own, which not every registry has.
            if (IsFull)
                forms.Add("native", ["-p:PublishAot=true"]);
            return forms;
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public Task It_is_one_file_that_shows_and_downloads(string form, string[] properties) =>
        Stage.Play(output, Deadline, async stage =>
        {
            var program = await Publish(stage, form, properties);
            Assert.Equal([program], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(program)!));
            stage.Note($"{form}: {new FileInfo(program).Length >> 20} MiB");

            using var content = new TestContent(8 << 20);
            var torrent = content.Torrent.WriteTo(Path.Combine(stage.Folder.Path, "content.torrent"));
            Assert.Matches(@"^\d+\.\d+\.\d+", await Run(stage, program, "--version"));
            Assert.Contains(content.Torrent.InfoHash, await Run(stage, program, "show", torrent), StringComparison.OrdinalIgnoreCase);

            var seeder = await RealPeer.Seed(stage, RealClient.Libtorrent, torrent, content);
            var folder = Path.Combine(stage.Folder.Path, "output");
            var events = await Run(
                stage, program, "download", torrent, "--output", folder, "--port", "0", "--peer", seeder.EndPoint, "--json", "--profile", "test");
            Assert.Contains("\"event\":\"complete\"", events, StringComparison.Ordinal);
            content.AssertEqualTo(folder);

            // As a service, steered by itself.
            var quiet = Path.Combine(stage.Folder.Path, "quiet.hocon");
            await File.WriteAllTextAsync(quiet, "actortorrent { listen { port = 0 }, dht { enabled = false }, lsd { enabled = false } }", stage.Deadline);
            var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}");
            var service = stage.Start("serve", program, ["serve", "--urls", url, "--data", stage.Folder.Make("data"), "--profile", quiet]);
            await service.Line("that it serves", static line => line.StartsWith("serving at ", StringComparison.Ordinal), stage.Deadline);
            Assert.StartsWith("added: 1  ", await Run(stage, program, "add", torrent, "--paused", "--url", url), StringComparison.Ordinal);
            Assert.Contains(content.Torrent.InfoHash, await Run(stage, program, "list", "--json", "--url", url), StringComparison.OrdinalIgnoreCase);
            Assert.Contains("\"torrents\":1", await Run(stage, program, "top", "--once", "--json", "--url", url), StringComparison.Ordinal);
            Assert.StartsWith("removed: 1  ", await Run(stage, program, "remove", "1", "--url", url), StringComparison.Ordinal);
        });

    private static async Task<string> Publish(Stage stage, string form, string[] properties)
    {
        var folder = Path.Combine(stage.Folder.Path, "published");
        var publish = stage.Start(
            $"publish {form}",
            Programs.Dotnet,
            [
                "publish", Path.Combine(Root(), "src", "ActorTorrent.Cli"),
                "-c", "Release", "-r", "linux-x64", "-o", folder, "--nologo", "--disable-build-servers",
                "-p:ActorRuntime=Embedded", .. properties,
            ]);
        var exit = await publish.Exit(stage.Deadline);
        Assert.True(exit == 0, $"publishing ended with {exit}:\n{publish.Everything()}");
        return Path.Combine(folder, "actortorrent");
    }

    private static async Task<string> Run(Stage stage, string program, params string[] arguments)
    {
        var run = stage.Start(arguments[0], program, arguments);
        var exit = await run.Exit(stage.Deadline);
        Assert.True(exit == 0, $"{string.Join(' ', arguments)} ended with {exit}:\n{run.Everything()}");
        return string.Join('\n', run.Output());
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ActorTorrent.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"No solution above {AppContext.BaseDirectory}");
        return folder;
    }
}
