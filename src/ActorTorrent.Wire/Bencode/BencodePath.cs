using System.Globalization;

namespace ActorTorrent.Wire.Bencode;

/// <summary>
/// The way to a value inside bencode: dictionary keys and list positions from the outermost value. Its text is such as
/// <c>info.files[3].path</c>.
/// </summary>
public sealed class BencodePath
{
    private readonly BencodePath? _parent;

    private BencodePath(BencodePath? parent, string? key, int position)
    {
        _parent = parent;
        Name = key;
        Position = position;
        Depth = parent is null ? 0 : parent.Depth + 1;
    }

    /// <summary>The outermost value itself.</summary>
    public static BencodePath Root { get; } = new(null, null, -1);

    /// <summary>How many steps lie between the outermost value and this one.</summary>
    public int Depth { get; }

    /// <summary>The last step's key; null when the last step is a position, or there is none.</summary>
    internal string? Name { get; }

    /// <summary>The last step's position in a list; −1 when it is a key.</summary>
    internal int Position { get; }

    /// <summary>The value under a key of the dictionary that this path leads to.</summary>
    /// <param name="name">The key; it is looked for by its UTF-8 bytes.</param>
    public BencodePath Key(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new BencodePath(this, name, -1);
    }

    /// <summary>The value at a position of the list that this path leads to.</summary>
    /// <param name="position">The position, from 0.</param>
    public BencodePath Item(int position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        return new BencodePath(this, null, position);
    }

    /// <summary>The steps, outermost first: keys after dots, positions in brackets; empty for the outermost value.</summary>
    public override string ToString()
    {
        if (_parent is null)
            return string.Empty;
        var before = _parent.ToString();
        if (Name is null)
            return string.Create(CultureInfo.InvariantCulture, $"{before}[{Position}]");
        return before.Length == 0 ? Name : $"{before}.{Name}";
    }

    /// <summary>The steps, outermost first.</summary>
    internal BencodePath[] Steps()
    {
        var steps = new BencodePath[Depth];
        for (var step = this; step._parent is not null; step = step._parent)
            steps[step.Depth - 1] = step;
        return steps;
    }
}
