using System.Globalization;
using Xunit.Sdk;

namespace Akka.TestKit.Xunit2;

public class XunitAssertions : ITestKitAssertions
{
    public XunitAssertions()
    {
    }

    public void Fail(string format = "", params object[] args) => throw new XunitException(Text(format, args));

    public void AssertTrue(bool condition, string format = "", params object[] args)
    {
        if (!condition)
            Fail(format, args);
    }

    public void AssertFalse(bool condition, string format = "", params object[] args)
    {
        if (condition)
            Fail(format, args);
    }

    public void AssertEqual<T>(T expected, T actual, string format = "", params object[] args) =>
        AssertEqual(expected, actual, EqualityComparer<T>.Default.Equals, format, args);

    public void AssertEqual<T>(T expected, T actual, Func<T, T, bool> comparer, string format = "", params object[] args)
    {
        if (!comparer(expected, actual))
            throw new XunitException($"{Text(format, args)}\nExpected: {expected}\nActual:   {actual}");
    }

    private static string Text(string format, object[] args) =>
        args is null || args.Length == 0 ? format : string.Format(CultureInfo.InvariantCulture, format, args);
}
