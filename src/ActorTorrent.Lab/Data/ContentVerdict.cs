namespace ActorTorrent.Lab.Data;

/// <summary>What a check of files on disk against generated content found.</summary>
/// <param name="Pieces">How many pieces there are.</param>
/// <param name="GoodPieces">How many of them have their SHA-1.</param>
/// <param name="Files">How many files there are.</param>
/// <param name="GoodFiles">How many of them are there with their length and SHA-256.</param>
/// <param name="Differences">What is wrong, a line each; at most ten.</param>
public sealed record ContentVerdict(int Pieces, int GoodPieces, int Files, int GoodFiles, IReadOnlyList<string> Differences)
{
    /// <summary>Whether every piece and every file is right.</summary>
    public bool IsGood => GoodPieces == Pieces && GoodFiles == Files;
}
