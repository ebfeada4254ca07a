namespace ActorTorrent.Engine.Tests.Fuzz;

/// <summary>Something that reads bytes which others wrote.</summary>
/// <param name="Name">Its name, and that of the folder of its findings.</param>
/// <param name="Corpus">Good inputs to begin with.</param>
/// <param name="Run">Reads an input.</param>
/// <param name="Declared">The only exceptions that it may throw.</param>
/// <param name="BytesPerByte">What it may allocate for each byte of input.</param>
internal sealed record FuzzTarget(string Name, IReadOnlyList<byte[]> Corpus, Action<byte[]> Run, Type[] Declared, int BytesPerByte = 64)
{
    /// <summary>What it may allocate besides, for any input: an exception and its words, above all.</summary>
    public int BytesAtAll { get; init; } = 64 << 10;

    /// <summary>The longest input that ever reaches it.</summary>
    public int MaxLength { get; init; } = 64 << 10;

    /// <summary>Mends what a mutation breaks, a checksum say, so that it does not end at the first check.</summary>
    public Func<byte[], byte[]>? Mend { get; init; }

    /// <summary>Inputs of about the length that is given, for the time that twice the length takes.</summary>
    public IReadOnlyList<(string Name, Func<int, byte[]> Make)> Growing { get; init; } = [];

    /// <summary>The length from which growth is measured.</summary>
    public int GrowsFrom { get; init; } = 32 << 10;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
