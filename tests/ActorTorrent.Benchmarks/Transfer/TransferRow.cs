namespace ActorTorrent.Benchmarks.Transfer;

/// <summary>One kind of transfer: the measured program on one side, libtorrent on the other.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Title">As in the table.</param>
/// <param name="IsSeeding">Whether the measured program sends.</param>
/// <param name="Peers">How many libtorrent processes stand opposite.</param>
internal sealed record TransferRow(string Name, string Title, bool IsSeeding, int Peers)
{
    /// <summary>
    /// In how many of the rounds a program takes part. transmission in one: it is nowhere near the best and would take most of a run's time
    /// (1 GiB took it 47 s from seeders, 76 to 79 s to one leecher). Not at all with four leechers: it was not done in 240 s.
    /// </summary>
    public int RoundsOf(TransferClient client, int rounds) => client switch
    {
        TransferClient.Transmission when IsSeeding && Peers > 1 => 0,
        TransferClient.Transmission => 1,
        _ => rounds,
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<TransferRow> All { get; } =
    [
        new("download-1", "download from 1 seeder", IsSeeding: false, Peers: 1),
        new("download-4", "download from 4 seeders", IsSeeding: false, Peers: 4),
        new("seed-1", "seed to 1 leecher", IsSeeding: true, Peers: 1),
        new("seed-4", "seed to 4 leechers", IsSeeding: true, Peers: 4),
    ];
}
