namespace ActorTorrent.Engine.Hashing;

/// <summary>Bytes to be hashed. Whoever makes it sees to it that they stay where they are until that is done.</summary>
/// <param name="start">The first byte.</param>
/// <param name="length">How many.</param>
internal readonly unsafe struct HashInput(byte* start, int length)
{
    public byte* Start { get; } = start;

    public int Length { get; } = length;

    public ReadOnlySpan<byte> Span => new(Start, Length);
}
