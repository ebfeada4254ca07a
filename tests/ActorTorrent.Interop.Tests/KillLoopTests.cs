using System.Globalization;
using System.Security.Cryptography;
using ActorTorrent.Engine.Resume;
using ActorTorrent.Interop.Tests.Fixtures;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using Xunit.Abstractions;

namespace ActorTorrent.Interop.Tests;

/// <summary>The built program, killed at random instants: what resume data claims is always there, and nothing is lost.</summary>
[Collection(RealClientsCollection.Name)]
public sealed class KillLoopTests(ITestOutputHelper output)
{
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("ACTORTORRENT_FULL") == "1";

    private readonly GeneratedContent _content = new(
        "kill loop", 31, 64 << 10, [new("a.bin", 9 << 20), new("d/b.bin", (5 << 20) + 321), new("empty", 0), new("c.bin", 6 << 20)]);

    [Fact]
    public Task Killed_at_any_instant_it_never_claims_a_piece_that_is_not_there() =>
        Stage.Play(output, TimeSpan.FromSeconds(IsFull ? 400 : 150), async stage =>
        {
            var seed = Random.Shared.Next();
            stage.Note(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
            var random = new Random(seed);
            // Slow enough that most kills come while it downloads; the rest come while it seeds.
            await using var stub = await StubPeer.StartAsync(PeerScript.Healthy(3 << 20), _content.InfoHash, _content);
            var torrent = Path.Combine(stage.Folder.Path, "a.torrent");
            await File.WriteAllBytesAsync(torrent, _content.BuildTorrent());
            var profile = Path.Combine(stage.Folder.Path, "often.hocon");
            await File.WriteAllTextAsync(profile, "actortorrent { storage.resume-interval = 100ms, faults.retry-delay = 100ms }");
            var store = new ResumeStore(Path.Combine(stage.Folder.Path, "kept"));
            var folder = stage.Folder.Make("fetched");
            string[] command =
            [
                "download", torrent, "--output", folder, "--state", store.Folder, "--port", "0", "--peer", stub.EndPoint.ToString(), "--profile", profile, "--seed", "--json",
            ];

            var claimed = 0;
            for (var kill = 1; kill <= (IsFull ? 30 : 5); kill++)
            {
                var ours = ActorTorrentProcess.Start(stage, command);
                // Half of them early, in the start and its check; half of them in the midst of things.
                if (random.Next(2) == 0)
                    await ours.Event("checked");
                await Task.Delay(random.Next(1_500), stage.Deadline);
                ours.Process.Kill();
                await ours.Process.Exit(stage.Deadline);
                AssertStartedWith(ours, claimed);
                claimed = AssertClaimsAreTrue(store, folder);
                stage.Note(string.Create(CultureInfo.InvariantCulture, $"kill {kill} after {ours.Process.Age.TotalSeconds:F2} s: {claimed} of {_content.Layout.PieceCount} pieces claimed"));
            }

            var last = ActorTorrentProcess.Start(stage, command);
            await last.Event("complete");
            last.Process.Signal(ChildProcess.Terminate);
            await last.Succeeds();
            AssertStartedWith(last, claimed);
            Assert.Equal(_content.Layout.PieceCount, AssertClaimsAreTrue(store, folder));
            Assert.True(_content.Verify(folder).IsGood);

            // A clean stop is followed by a start that looks at nothing.
            var again = ActorTorrentProcess.Start(stage, [.. command.Where(option => option != "--seed")]);
            await again.Succeeds();
            Assert.Equal(_content.Layout.PieceCount, (int)(await again.Event("checked"))["piecesTrusted"]!);
        });

    /// <summary>Resume data was readable, and at least what it had claimed was found.</summary>
    private static void AssertStartedWith(ActorTorrentProcess ours, int claimed)
    {
        if (ours.Events("checked") is not [var found, ..])
            return;
        Assert.Null((string?)found["resumeRejected"]);
        Assert.InRange((int)found["piecesHave"]!, claimed, int.MaxValue);
    }

    /// <summary>A full check of what is claimed, by other means than the program's own.</summary>
    private int AssertClaimsAreTrue(ResumeStore store, string folder)
    {
        if (store.Load(_content.InfoHash) is not { } data)
            return 0;
        foreach (var piece in data.Have)
        {
            using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
            foreach (var span in _content.Layout.Map(_content.Layout.PieceOffset(piece), _content.Layout.PieceSize(piece)))
            {
                var bytes = new byte[span.Length];
                using var file = File.OpenHandle(
                    Path.Join([folder, .. _content.Layout.Files[span.FileIndex].Segments]), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                Assert.Equal(span.Length, RandomAccess.Read(file, bytes, span.FileOffset));
                sum.AppendData(bytes);
            }
            Assert.True(_content.Metainfo.PieceHashes.Matches(piece, sum.GetHashAndReset()), $"piece {piece} is claimed and not there");
        }
        return data.Have.SetCount;
    }
}
