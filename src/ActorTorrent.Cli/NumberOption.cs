using System.CommandLine;
using System.Globalization;

namespace ActorTorrent.Cli;

/// <summary>Makes options that take a whole number within bounds, with an error that names option, value and bounds.</summary>
internal static class NumberOption
{
    /// <summary>Makes an option that may be left out.</summary>
    /// <param name="name">Its name, dashes included.</param>
    /// <param name="min">The least number allowed.</param>
    /// <param name="max">The greatest number allowed.</param>
    /// <param name="description">For the help.</param>
    /// <param name="fallback">The value when it is left out; null for none.</param>
    public static Option<int?> Create(string name, int min, int max, string description, int? fallback = null)
    {
        var option = new Option<int?>(name)
        {
            Description = description,
            HelpName = "N",
            CustomParser = result =>
            {
                var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
                if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
                    return number;
                result.AddError(max == int.MaxValue
                    ? $"{name}: '{text}' is not a number of {min} or more."
                    : $"{name}: '{text}' is not a number from {min} to {max}.");
                return null;
            },
        };
        if (fallback is { } value)
            option.DefaultValueFactory = _ => value;
        return option;
    }
}
