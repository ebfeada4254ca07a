using ActorTorrent.Engine.Probing;
using ActorTorrent.Lab.Data;

namespace ActorTorrent.Lab.Demo;

/// <summary>The sizes and times of a demo. Faults strike at byte counts, and rates bound the haste, so that each happens on any machine.</summary>
public sealed record DemoPlan
{
    /// <summary>What decides content, ids and order.</summary>
    public int Seed { get; init; } = 20;

    /// <summary>How much is downloaded, in bytes.</summary>
    public long TotalBytes { get; init; } = 256L << 20;

    /// <summary>The size of a piece, in bytes.</summary>
    public int PieceLength { get; init; } = 512 << 10;

    /// <summary>The rate of each peer that serves, in bytes a second.</summary>
    public long BytesPerSecond { get; init; } = 2L << 20;

    /// <summary>After how many bytes the first of the two that die is reset.</summary>
    public long ResetAfterBytes { get; init; } = (2L << 20) + 100_000;

    /// <summary>When that one comes back.</summary>
    public TimeSpan ReturnsAfter { get; init; } = TimeSpan.FromSeconds(1.5);

    /// <summary>After how many bytes the other one closes; it does not come back.</summary>
    public long CloseAfterBytes { get; init; } = (3L << 20) + 100_000;

    /// <summary>After how many bytes one stalls.</summary>
    public long StallAfterBytes { get; init; } = (2L << 20) + 300_000;

    /// <summary>Each n-th block of the liar is corrupt.</summary>
    public int CorruptEvery { get; init; } = 16;

    /// <summary>The probe's deadlines.</summary>
    public ProbeOptions Probe { get; init; } = new();

    /// <summary>What the probe may take beyond the handshake's deadline.</summary>
    public TimeSpan ProbeGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Profiles of <c>hocon/profiles</c> that the engine runs under.</summary>
    public IReadOnlyList<string> Profiles { get; init; } = ["demo"];

    /// <summary>Describes the content: files of uneven sizes, an empty and a tiny one among them, that share pieces.</summary>
    public GeneratedContent CreateContent()
    {
        var rest = TotalBytes;
        var files = new List<GeneratedFile>();
        Add("README.txt", 1_217);
        Add("empty.dat", 0);
        Add("images/disc-1.img", TotalBytes * 3 / 8);
        Add("images/disc-2.img", TotalBytes / 4);
        Add("audio/track 01.flac", TotalBytes / 16 + 13);
        Add("audio/track 02.flac", TotalBytes / 16 - 7);
        Add("text/ἄτομος.txt", 65_537);
        Add("archive.tar", rest);
        return new GeneratedContent("actortorrent-demo", (ulong)Seed, PieceLength, files);

        void Add(string path, long length)
        {
            files.Add(new GeneratedFile(path, length));
            rest -= length;
        }
    }
}
