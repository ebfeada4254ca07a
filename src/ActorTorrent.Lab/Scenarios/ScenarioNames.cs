using System.Text;

namespace ActorTorrent.Lab.Scenarios;

/// <summary>The names of choices as scenario files write them: lower case, words joined by hyphens.</summary>
public static class ScenarioNames
{
    /// <summary>The name of a choice, such as <c>tracker-down</c>.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum
    {
        var text = new StringBuilder();
        foreach (var letter in value.ToString())
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0)
                text.Append('-');
            text.Append(char.ToLowerInvariant(letter));
        }
        return text.ToString();
    }
}
