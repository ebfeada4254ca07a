namespace ActorTorrent.Lab.Peers;

/// <summary>Which blocks a stub peer sends with a flipped bit.</summary>
/// <param name="Probability">The chance of each block, 0 to 1, by the stub's own seed.</param>
/// <param name="Every">Each n-th block it serves, counted from 1; 0 for none.</param>
/// <param name="At">The one block with this number in the order served, counted from 1; 0 for none.</param>
public sealed record BlockCorruption(double Probability = 0, int Every = 0, int At = 0)
{
    internal bool Strikes(long number, Random random) =>
        (At > 0 && number == At)
        || (Every > 0 && number % Every == 0)
        || (Probability > 0 && random.NextDouble() < Probability);
}
