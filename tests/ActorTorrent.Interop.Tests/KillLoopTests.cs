using System.Globalization;
using System.Security.Cryptography;
using ActorTorrent.Engine.Resume;
using ActorTorrent.Interop.Tests.Fixtures;
using ActorTorrent.Lab.Data;
using ActorTorrent.Lab.Peers;
using ActorTorrent.Wire.Metainfo;
using ActorTorrent.Wire.Peers;
using Xunit.Abstractions;

namespace ActorTorrent.Interop.Tests;

/// <summary>The built program, killed at random instants: what resume data claims is always there, and nothing is lost.</summary>
public sealed class KillLoopTests(ITestOutputHelper output)
{
    private const int BytesPerSecond = 3 << 20;

    private static readonly bool IsFull = Environment.GetEnvironmentVariable("ACTORTORRENT_FULL") == "1";
    private static readonly int KillsWhileFetching = IsFull ? 20 : 3;
    private static readonly int KillsWhileSeeding = IsFull ? 10 : 2;

    // More than all the lives while fetching can fetch, the longest that chance can give them.
    private readonly GeneratedContent _content = new(
        "kill loop", 31, 512 << 10, [new("a.bin", 9 << 20), new("d/b.bin", (5 << 20) + 321), new("empty", 0), new("c.bin", (IsFull ? 64 : 6) << 20)]);

    [Fact]
    public Task Killed_at_any_instant_it_never_claims_a_piece_that_is_not_there() =>
        Stage.Play(output, TimeSpan.FromSeconds(IsFull ? 500 : 150), async stage =>
        {
            var seed = Random.Shared.Next();
            stage.Note(string.Create(CultureInfo.InvariantCulture, $"seed {seed}"));
            var random = new Random(seed);
            // Slow enough that the first kills come while it downloads.
            await using var stub = await StubPeer.StartAsync(PeerScript.Healthy(BytesPerSecond), _content.InfoHash, _content);
            var torrent = Path.Combine(stage.Folder.Path, "a.torrent");
            await File.WriteAllBytesAsync(torrent, _content.BuildTorrent());
            var profile = Path.Combine(stage.Folder.Path, "often.hocon");
            await File.WriteAllTextAsync(profile, "actortorrent { storage.resume-interval = 100ms, faults.retry-delay = 100ms }");
            var victim = new Victim(stage, _content, torrent, profile, stub.EndPoint.ToString());

            for (var kill = 1; kill <= KillsWhileFetching; kill++)
            {
                var ours = victim.Start();
                // Half of them early, in the start and its check; half of them in the midst of things.
                if (kill % 2 == 0)
                    await victim.ClaimsMore(ours);
                await Task.Delay(random.Next(kill % 2 == 0 ? 300 : 1_500), stage.Deadline);
                await victim.Kill(ours, "fetching");
            }
            Assert.True(victim.Claimed.SetCount > 0, "nothing was ever claimed");
            Assert.False(victim.Claimed.IsComplete, "the download was over before the kills were: it needs more to fetch");

            var whole = victim.Start();
            await whole.Event("complete");
            var again = stub.Counts.Bytes - _content.Layout.TotalLength;
            stage.Note(string.Create(CultureInfo.InvariantCulture, $"{again} bytes fetched again after {KillsWhileFetching} kills"));
            // A kill costs what came since the last save, a tenth of a second ago, and what was under way; a busy machine is late.
            Assert.InRange(again, 0, KillsWhileFetching * (long)BytesPerSecond);
            for (var kill = 1; kill <= KillsWhileSeeding; kill++)
            {
                var leecher = await victim.Leech(whole, "--download-limit", "1MiB/s");
                await leecher.Process.Line(
                    "that it fetches", static line => line.Contains("\"progress\"", StringComparison.Ordinal) && !line.Contains("\"downloadedBytes\":0,", StringComparison.Ordinal), stage.Deadline);
                await Task.Delay(random.Next(600), stage.Deadline);
                await victim.Kill(whole, "seeding");
                Assert.Equal(_content.Layout.PieceCount, victim.Claimed.SetCount);
                leecher.Process.Signal(ChildProcess.Terminate);
                await leecher.Exit();
                whole = victim.Start();
                await whole.Event("complete");
            }
            var last = await victim.Leech(whole);
            await last.Succeeds();
            Assert.True(_content.Verify(victim.LeecherFolder).IsGood);
            whole.Process.Signal(ChildProcess.Terminate);
            await whole.Succeeds();
            victim.AssertStartedWell(whole);
            Assert.True(_content.Verify(victim.Folder).IsGood);

            // A clean stop is followed by a start that looks at nothing.
            var idle = victim.Start(isSeeding: false);
            await idle.Succeeds();
            Assert.Equal(_content.Layout.PieceCount, (int)(await idle.Event("checked"))["piecesTrusted"]!);
        });

    /// <summary>The program that is killed, and what its resume data and its files say between two lives.</summary>
    private sealed class Victim(Stage stage, GeneratedContent content, string torrent, string profile, string peer)
    {
        private readonly ResumeStore _store = new(Path.Combine(stage.Folder.Path, "kept"));
        private readonly string _leecherState = Path.Combine(stage.Folder.Path, "leecher state");
        private int _kills;
        private int _keptBlocks;

        public string Folder { get; } = stage.Folder.Make("fetched");

        public string LeecherFolder { get; } = stage.Folder.Make("leeched");

        /// <summary>What resume data claimed after the last kill.</summary>
        public Bitfield Claimed { get; private set; } = new(content.Layout.PieceCount);

        public ActorTorrentProcess Start(bool isSeeding = true) => ActorTorrentProcess.Start(
            stage,
            [
                "download", torrent, "--output", Folder, "--state", _store.Folder, "--port", "0", "--peer", peer, "--profile", profile, "--json",
                .. isSeeding ? ["--seed"] : Array.Empty<string>(),
            ]);

        /// <summary>A peer of the same kind that fetches from it, and goes on where the one before it stopped.</summary>
        public async Task<ActorTorrentProcess> Leech(ActorTorrentProcess from, params string[] options) => ActorTorrentProcess.Start(
            stage,
            [
                "download", torrent, "--output", LeecherFolder, "--state", _leecherState, "--port", "0", "--peer", $"127.0.0.1:{await from.Port()}",
                "--profile", profile, "--json", .. options,
            ]);

        /// <summary>Waits until resume data claims more than after the last kill, or all there is.</summary>
        public async Task ClaimsMore(ActorTorrentProcess ours)
        {
            await ours.Event("checked");
            await Poll.Until(
                "resume data claims more",
                () => _store.Load(content.InfoHash) is { } data && (data.Have.SetCount > Claimed.SetCount || data.Have.IsComplete),
                stage.Deadline);
        }

        /// <summary>kill -9, and a look at what is left by the program's own check and by other means.</summary>
        public async Task Kill(ActorTorrentProcess ours, string phase)
        {
            ours.Process.Kill();
            await ours.Process.Exit(stage.Deadline);
            AssertStartedWell(ours);
            var good = HashPieces();
            var data = _store.Load(content.InfoHash);
            Claimed = data?.Have ?? new Bitfield(content.Layout.PieceCount);
            foreach (var piece in Claimed)
                Assert.True(good[piece], $"piece {piece} is claimed and not there");
            var unfinished = data?.Unfinished ?? [];
            _keptBlocks = unfinished.Where(one => !good[one.Piece]).Sum(one => one.Blocks.SetCount);
            await AssertCheckAgrees(good);
            stage.Note(string.Create(
                CultureInfo.InvariantCulture,
                $"kill {++_kills} while {phase}, after {ours.Process.Age.TotalSeconds:F2} s: {Claimed.SetCount} of {content.Layout.PieceCount} pieces claimed, {good.SetCount} there; {_keptBlocks} blocks of unfinished ones"));
        }

        /// <summary>Resume data was readable, and all that it had claimed was found, down to the block.</summary>
        public void AssertStartedWell(ActorTorrentProcess ours)
        {
            if (ours.Events("checked") is not [var found, ..])
                return;
            Assert.Null((string?)found["resumeRejected"]);
            Assert.InRange((int)found["piecesHave"]!, Claimed.SetCount, int.MaxValue);
            Assert.Equal(_keptBlocks, (int)found["blocksKept"]!);
        }

        private async Task AssertCheckAgrees(Bitfield good)
        {
            var check = ActorTorrentProcess.Start(stage, "check", torrent, "--data", Folder, "--json");
            Assert.Equal(good.IsComplete ? 0 : 1, await check.Exit());
            var whole = Assert.Single(check.Lines(), line => (string?)line["event"] is "complete" or "incomplete");
            Assert.Equal(good.SetCount, (int)whole["goodPieces"]!);
            foreach (var file in check.Events("file"))
            {
                foreach (var range in ((string)file["notGood"]!).Split(',', StringSplitOptions.RemoveEmptyEntries))
                {
                    var ends = range.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture)).ToArray();
                    Assert.DoesNotContain(Claimed, piece => piece.Value >= ends[0] && piece.Value <= ends[^1]);
                }
            }
        }

        /// <summary>A full check by other means than the program's own.</summary>
        private Bitfield HashPieces()
        {
            var good = new Bitfield(content.Layout.PieceCount);
            for (var index = 0; index < good.Count; index++)
            {
                var piece = new PieceIndex(index);
                using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
                foreach (var span in content.Layout.Map(content.Layout.PieceOffset(piece), content.Layout.PieceSize(piece)))
                {
                    var path = Path.Join([Folder, .. content.Layout.Files[span.FileIndex].Segments]);
                    if (!File.Exists(path))
                        continue;
                    var bytes = new byte[span.Length];
                    using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                    sum.AppendData(bytes.AsSpan(0, RandomAccess.Read(file, bytes, span.FileOffset)));
                }
                if (content.Metainfo.PieceHashes.Matches(piece, sum.GetHashAndReset()))
                    good.Set(piece);
            }
            return good;
        }
    }
}
