using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ActorTorrent.Cli.Tests.Support;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;

namespace ActorTorrent.Cli.Tests.Remote;

/// <summary>The verbs that ask a running service, against one.</summary>
public sealed class RemoteVerbTests
{
    private readonly GeneratedContent _film = new("A film", 11, 64 << 10, [new("film.bin", 4_000_000)]);
    private readonly GeneratedContent _book = new("A book", 12, 64 << 10, [new("book.bin", 200_000), new("cover.bin", 1_000)]);

    [Fact]
    public async Task Torrents_are_added_listed_shown_stopped_let_go_on_and_removed()
    {
        await using var service = await Serving.StartAsync();
        await _book.WriteFilesAsync(service.Downloads);
        const string Magnet = "magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567&dn=linked";

        var added = await service.Run("add", service.Write(_book), Magnet, "--label", "one", "--label", "two", "--dir", service.Downloads, "--paused");
        Assert.Equal($"added: 1  A book  {_book.InfoHash}\nadded: 2  linked  0123456789abcdef0123456789abcdef01234567\n", added.Output);
        Assert.Equal("", added.Error);
        Assert.Equal(ExitCode.Ok, added.ExitCode);
        var again = await service.Run("add", service.Write(_book), "--json");
        Assert.Equal(_book.InfoHash.ToString(), JsonDocument.Parse(again.Output).RootElement.GetProperty("infoHash").GetString());
        Assert.StartsWith("is there already: 1  A book", (await service.Run("add", service.Write(_book))).Output, StringComparison.Ordinal);

        var list = await service.Until(static result => result.Output.Contains("paused  100%", StringComparison.Ordinal), "list");
        Assert.Equal(4, list.Lines.Length);
        Assert.StartsWith("ID  NAME    STATE   DONE", list.Lines[0], StringComparison.Ordinal);
        Assert.EndsWith("one, two", list.Lines[1], StringComparison.Ordinal);
        Assert.Equal("2 torrents, down 0 B/s, up 0 B/s", list.Lines[3]);
        var listed = JsonDocument.Parse((await service.Run("list", "--json")).Output).RootElement;
        Assert.Equal(["A book", "linked"], listed.EnumerateArray().Select(static torrent => torrent.GetProperty("name").GetString()));

        var info = await service.Run("info", "a b");
        Assert.Contains($"info hash   {_book.InfoHash}\n", info.Output, StringComparison.Ordinal);
        Assert.Contains("labels      one, two\n", info.Output, StringComparison.Ordinal);
        Assert.Contains("  normal    A book/cover.bin\n", info.Output, StringComparison.Ordinal);
        var shown = JsonDocument.Parse((await service.Run("info", "1", "--json")).Output).RootElement;
        Assert.Equal(2, shown.GetProperty("files").GetArrayLength());
        Assert.Equal(1, shown.GetProperty("torrent").GetProperty("id").GetInt32());
        Assert.Equal(0, shown.GetProperty("trackers").GetArrayLength());

        Assert.Equal("resumed: 1  A book\n", (await service.Run("resume", "A book")).Output);
        await service.Until(static result => result.Output.Contains("\"phase\":\"seeding\"", StringComparison.Ordinal), "info", "1", "--json");
        var paused = await service.Run("pause", _book.InfoHash.ToString()[..10], "2", "1", "--json");
        Assert.Equal(
            [$$"""{"event":"paused","id":1,"infoHash":"{{_book.InfoHash}}","name":"A book"}""", """{"event":"paused","id":2,"infoHash":"0123456789abcdef0123456789abcdef01234567","name":"linked"}"""],
            paused.Lines);
        await service.Until(static result => result.Output.Contains("\"phase\":\"paused\"", StringComparison.Ordinal), "info", "1", "--json");

        Assert.Equal("removed: 2  linked\n", (await service.Run("remove", "linked")).Output);
        Assert.Equal("removed: 1  A book\n", (await service.Run("remove", "1", "--data")).Output);
        Assert.False(Directory.Exists(Path.Combine(service.Downloads, "A book")));
        Assert.Equal("[]\n", (await service.Run("list", "--json")).Output);
    }

    [Fact]
    public async Task Peers_faults_and_top_show_what_moves()
    {
        await using var slow = await StubPeer.StartAsync(PeerScript.Healthy(50_000), _film.InfoHash, _film);
        await using var refusing = await StubPeer.StartAsync(PeerScript.Refuses(), _film.InfoHash, _film);
        await using var service = await Serving.StartAsync();
        await service.Run("add", service.Write(_film));
        await using var follower = Command.Start("faults", "--follow", "--url", service.Url);

        await service.Introduce(1, slow.EndPoint.ToString(), refusing.EndPoint.ToString());

        await follower.Prints($"[A film] {refusing.EndPoint}");
        await follower.Prints("connect/refused: ");
        await follower.Prints(" -> restart in ");
        await follower.Interrupt();
        Assert.Equal(ExitCode.Ok, (await follower.End()).ExitCode);
        var fault = JsonDocument.Parse((await service.Run("faults", "A film", "--json", "--limit", "1")).Lines[0]).RootElement;
        Assert.Equal("refused", fault.GetProperty("cause").GetString());

        var peers = await service.Until(
            static result => result.Output.Contains("\"state\":\"running\"", StringComparison.Ordinal), "peers", "A film", "--json");
        Assert.Contains(
            JsonDocument.Parse(peers.Output).RootElement.EnumerateArray(),
            peer => peer.GetProperty("address").GetString() == slow.EndPoint.ToString() && peer.GetProperty("state").GetString() == "running");
        var table = await service.Run("peers", "1");
        Assert.StartsWith("ADDRESS", table.Lines[0], StringComparison.Ordinal);
        Assert.Contains(table.Lines, line => line.StartsWith(slow.EndPoint.ToString(), StringComparison.Ordinal));

        // A torrent tells its numbers once a second: the peer is there before the list counts it.
        var top = await service.Until(result => result.Lines.Any(line => line.Contains($" {slow.EndPoint} ", StringComparison.Ordinal)), "top", "--once");
        Assert.StartsWith(service.Url, top.Lines[0], StringComparison.Ordinal);
        Assert.Contains(top.Lines, static line => line.StartsWith(" 1 A film ", StringComparison.Ordinal));
        Assert.Contains(top.Lines, line => line.Contains($" {refusing.EndPoint} connect/refused -> ", StringComparison.Ordinal));
        var all = JsonDocument.Parse((await service.Run("top", "--once", "--json")).Output).RootElement;
        Assert.Equal(1, all.GetProperty("session").GetProperty("torrents").GetInt32());
        Assert.Equal("A film", all.GetProperty("torrents")[0].GetProperty("name").GetString());
        Assert.Equal(1, all.GetProperty("peers")[0].GetProperty("id").GetInt32());
        Assert.True(all.GetProperty("faults").GetArrayLength() > 0);

        await using var moving = Command.Start("top", "--interval", "1", "--url", service.Url);
        await moving.Prints("\n\n" + service.Url);
        await moving.Interrupt();
        Assert.Equal(ExitCode.Ok, (await moving.End()).ExitCode);
    }

    [Fact]
    public async Task What_cannot_be_done_is_said_in_words_and_by_the_exit_code()
    {
        await using var service = await Serving.StartAsync();
        await service.Run("add", service.Write(_film), service.Write(_book), "--paused");

        await Refuses(ExitCode.BadInput, "There is no torrent 'nothing'; 'actortorrent list' shows which there are.", "info", "nothing");
        await Refuses(ExitCode.BadInput, "'A' may be 1 (A film, ", "pause", "A");
        await Refuses(ExitCode.BadInput, "no such file", "add", "nothing.torrent");
        await Refuses(ExitCode.BadInput, "lies outside the folders", "add", service.Write(_film), "--dir", "/etc");
        await Refuses(ExitCode.BadInput, "--url: 'there' is no http or https address", "list", "--url", "there");
        await Refuses(ExitCode.BadInput, "one of them is enough", "list", "--token", "a", "--user", "b:c");
        await Refuses(ExitCode.BadInput, "it must be NAME:PASSWORD", "list", "--user", "b");
        // Nobody is there.
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await Refuses(ExitCode.Failed, "Start one with 'actortorrent serve'", "list", "--url", $"http://{taken.LocalEndPoint}");
        // Another part of the service is there, or somebody else.
        await Refuses(ExitCode.BadInput, "There is nothing here", "list", "--url", service.Url + "/health/live");
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var answering = AnswerOnceAsync(other);
        await Refuses(ExitCode.Failed, "is no ActorTorrent service", "list", "--url", $"http://{other.LocalEndpoint}");
        await answering;

        async Task Refuses(int code, string part, params string[] arguments)
        {
            var result = await (arguments.Contains("--url", StringComparer.Ordinal) ? Command.Run(arguments) : service.Run(arguments));
            Assert.Equal(code, result.ExitCode);
            Assert.Contains(part, result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        }

        static async Task AnswerOnceAsync(TcpListener listener)
        {
            using var client = await listener.AcceptTcpClientAsync();
            var stream = client.GetStream();
            using var request = new StreamReader(stream, leaveOpen: true);
            while (await request.ReadLineAsync() is { Length: > 0 })
            {
            }
            await stream.WriteAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
        }
    }

    [Fact]
    public async Task A_login_is_given_as_token_or_as_user()
    {
        await using var service = await Serving.StartAsync(wantsLogin: true);

        var nobody = await service.Run("list");
        Assert.Equal(ExitCode.BadInput, nobody.ExitCode);
        Assert.Contains("wants a login: give --token TOKEN (or ACTORTORRENT_TOKEN)", nobody.Error, StringComparison.Ordinal);
        Assert.Contains("does not take this login", (await service.Run("list", "--token", "wrong")).Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, (await service.Run("list", "--token", Serving.Token)).ExitCode);
        Assert.Equal(ExitCode.Ok, (await service.Run("list", "--user", "me:secret")).ExitCode);
    }
}
