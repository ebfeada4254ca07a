using System.Linq.Expressions;
using System.Reflection;

namespace Akka.Actor;

/// <summary>Works out what a constructor's argument stands for, once, without generating code.</summary>
internal static class ArgumentEvaluator
{
    public static object Evaluate(Expression expression)
    {
        switch (expression)
        {
            case ConstantExpression constant:
                return constant.Value;
            case MemberExpression { Member: FieldInfo field } member:
                return field.GetValue(member.Expression is null ? null : Evaluate(member.Expression));
            case UnaryExpression { NodeType: ExpressionType.Convert, Method: null } convert when IsPlainConversion(convert):
                return Evaluate(convert.Operand);
            default:
                // The interpreter needs no code generation and keeps the exact meaning of whatever else stands there.
                return Expression.Lambda<Func<object>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)();
        }
    }

    private static bool IsPlainConversion(UnaryExpression convert) =>
        convert.Type.IsAssignableFrom(convert.Operand.Type) && !(convert.Operand.Type.IsValueType && Nullable.GetUnderlyingType(convert.Type) is not null);
}
